# second call, same machine: bash .gpuB/b.sh MLM TEACH STUDENT VAR   (seconds of each stage)
export PYTHONUNBUFFERED=1 WDIR=work W=work OMP_NUM_THREADS=1 PYTORCH_CUDA_ALLOC_CONF=expandable_segments:True
MLM=$1 TEACH=$2 STUD=$3 VAR=${4:-style}
T0=$(date +%s); el() { echo "== $(( $(date +%s) - T0 )) s: $*"; }
cp .gpuB/* $W/; cd $W; rm -f student* soft* spans.npy
python3 main.py mlm name=mlm budget=$MLM > mlm.log 2>&1 & PM=$!
NP=9 python3 prep.py raw rawB $W/rawA.gz+$W/rawB.gz $(python3 -c "import json;print(json.load(open('$W/rawA.json'))['total'])") & PB=$!
NP=4 python3 prep.py raw other $W/other_raw.tsv.gz 0 & PO=$!
wait $PB $PO; el raw; ALLV=all
wait $PM; tail -4 mlm.log; el mlm; SETS=rawA,rawB,other
for s in 1 2 3 4; do python3 main.py gold name=teacher$s var=$VAR init=$W/mlm.pt seed=$s budget=$TEACH epochs=12 > t$s.log 2>&1 & P[$s]=$!; done
wait ${P[@]}; grep -hE 'EVAL|trained|Error' t?.log; el teachers
python3 main.py silver name=silver sets=$SETS models=$W/teacher1.pt,$W/teacher2.pt,$W/teacher3.pt,$W/teacher4.pt > silver.log 2>&1 & PS=$!
while [ ! -e soft.done ] && kill -0 $PS 2>/dev/null; do sleep .5; done; el soft labels
python3 main.py student name=student12 var=$VAR sets=$SETS init=$W/teacher1.pt layers=12 budget=$STUD seed=11 > s12.log 2>&1 & A=$!
python3 main.py student name=student12_all var=all sets=$SETS init=$W/teacher2.pt layers=12 budget=$STUD seed=12 > s12a.log 2>&1 & B=$!
python3 main.py student name=student8 var=$VAR sets=$SETS init=$W/teacher1.pt layers=8 budget=$STUD lr=4e-4 seed=13 > s8.log 2>&1 & C=$!
python3 main.py student name=student6 var=$VAR sets=$SETS init=$W/teacher1.pt layers=6 budget=$STUD lr=4e-4 seed=14 > s6.log 2>&1 & D=$!
wait $PS; tail -5 silver.log; cp silver_*.gz $OUT/; wait $A; python3 main.py export model=student12 layers=12 out=$OUT & E=$!
wait $B $C $D $E; el students; grep -hE 'done|EVAL|Error' s12.log s8.log s6.log | cut -c1-170
python3 main.py eval name=final models=gold_style:12,gold_nostyle:12,teacher1:12,teacher2:12,teacher3:12,teacher4:12,student12:12,student12_all:12,student8:8,student6:6 > final.log 2>&1; grep -E 'EVAL|Error' final.log | cut -c1-170; el final
tar czf $OUT/logs.tgz *.log log_*.json rawA.json rawB.json other.json silver.json; ls -l $OUT; el end
