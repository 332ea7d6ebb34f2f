# first call: environment, gold-only baselines, smoke test of every stage.  bash .gpu/a.sh
export PYTHONUNBUFFERED=1 WDIR=work W=work OMP_NUM_THREADS=1 PYTORCH_CUDA_ALLOC_CONF=expandable_segments:True
T0=$(date +%s); el() { echo "== $(( $(date +%s) - T0 )) s: $*"; }
mkdir -p $W; cp .gpu/* $W/; cd $W; nvidia-smi -L; python3 -c 'import torch,safetensors;print(torch.__version__,torch.cuda.get_device_name())'; el start
timeout 60 python3 prep.py gold || exit 1; el gold prepared
NP=10 timeout 100 python3 prep.py raw rawA $W/rawA.gz 0 & PA=$!
timeout 110 python3 main.py gold name=gold_style var=style budget=70 epochs=10 & P1=$!
timeout 110 python3 main.py gold name=gold_nostyle var=nostyle budget=70 epochs=10 & P2=$!
timeout 110 python3 main.py gold name=gold_noaug var=noaug budget=70 epochs=10 & P3=$!
wait $PA; el raw done; NP=4 timeout 60 python3 prep.py raw sm $W/rawA.gz 1000 20000
timeout 50 python3 main.py mlm name=smlm budget=6; el mlm smoke
timeout 50 python3 main.py gold name=sgold init=$W/smlm.pt budget=5 epochs=10 short=1; el gold smoke
timeout 50 python3 main.py silver name=ssilver sets=sm models=$W/sgold.pt; el silver smoke
( timeout 60 python3 main.py student name=student6 sets=sm init=$W/sgold.pt layers=6 budget=6 && timeout 40 python3 main.py export model=student6 layers=6 out=$OUT int8=1; ls -l $OUT $W/*.gz; el student smoke )
wait $P1 $P2 $P3; el baselines done; cp $W/log_gold_*.json $OUT/; cp $W/silver_*.gz $OUT/; rm -f $W/soft* $W/spans.npy $W/silver_*
el end
