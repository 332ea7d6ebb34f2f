"""Weights that answer in another corpus's conventions: `style.py WEIGHTS NUMBER OUT`.

The encoder was trained with a vector for each annotation convention, added to every input (`../neural/README.md`): 0 khabar's,
1 ANERcorp's, 2 WikiGold's, 3 Universal NER's, 4 factRuEval's, 5 Europeana's. `khabar-lab pack` takes khabar's; this writes weights with
another one in its place."""
import sys

from safetensors import safe_open
from safetensors.numpy import load_file, save_file


def main(path, number, out):
    tensors = load_file(path)
    tensors["typ_khabar"] = tensors["typ"] + tensors["style"][int(number)]
    with safe_open(path, "numpy") as opened:
        save_file(tensors, out, opened.metadata())


if __name__ == "__main__":
    main(*sys.argv[1:])
