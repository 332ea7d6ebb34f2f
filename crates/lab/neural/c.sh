# third call, same machine: other weights.  bash .gpuB/c.sh
export PYTHONUNBUFFERED=1 WDIR=work W=work OMP_NUM_THREADS=1; cd $W
python3 main.py export model=student12_all layers=12 out=$OUT & python3 main.py export model=student8 layers=8 out=$OUT int8=1 & wait; ls -l $OUT
