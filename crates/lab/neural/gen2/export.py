"""Weights for `khabar-lab pack`: python3 export.py NAME.pt OUT.safetensors [int8]

Without the embeddings, which were not trained; `typ_khabar` is what is added to every input in khabar's style. Matrices in f16, or
those of the layers in 8 bits with a scale for each row.
"""
import sys

import torch
from safetensors.torch import save_file

from text import LABELS


def main(source, output, kind='f16'):
    state = torch.load(source, map_location='cpu')
    state = {name: t.float() for name, t in state.items() if name not in ('emb.weight', 'maskv')}
    state['typ_khabar'] = state['typ'] + state['style'][0]
    tensors = {}
    for name, tensor in state.items():
        if kind == 'int8' and name.startswith('layers.') and tensor.dim() == 2:
            scale = tensor.abs().amax(1).clamp(min=1e-9) / 127
            tensors[name] = (tensor / scale[:, None]).round().clamp(-127, 127).to(torch.int8)
            tensors[name + '.scale'] = scale
        else:
            tensors[name] = tensor.half() if tensor.dim() > 1 else tensor
    layers = 1 + max(int(name.split('.')[1]) for name in state if name.startswith('layers.'))
    tensors = {name: tensor.contiguous() for name, tensor in tensors.items()}
    save_file(tensors, output, metadata={'labels': ','.join(LABELS), 'layers': str(layers)})


if __name__ == '__main__':
    main(*sys.argv[1:])
