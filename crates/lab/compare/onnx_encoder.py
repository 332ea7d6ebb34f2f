"""The accurate tier's network in onnxruntime, on the same windows as ours: `onnx_encoder.py build` and `onnx_encoder.py run`.

`build MODEL OUT_DIR` (a packed model, `models/accurate.bin`) writes `f32.onnx` and `int8.onnx`, with the fused operators that
onnxruntime's own optimiser would put in, and `plain.int8.onnx` without them; int8 by
`onnxruntime.quantization.quantize_dynamic`, one scale a column, weights of 7 bits as its documentation advises for processors
without VNNI (`--vnni`: of 8 bits). `run MODEL WINDOWS` reads windows as `khabar-lab pieces --windows` prints them, one at a time, on one thread, and says
what it cost; words are counted by `--articles`. `check OUT_DIR WINDOWS` compares the labels of the models."""
import argparse
import time
from pathlib import Path

import numpy as np

from common import articles, count

WIDTH, HEADS, EPSILON = 384, 12, 1e-12


def weights(path):
    """Tensors of a packed model as f32; int8 ones times the scale of their row, the table out of its four bits."""
    from safetensors.numpy import load_file

    read = load_file(path)
    for name in [name for name in read if name.endswith(".scale")]:
        scale = read.pop(name).astype(np.float32)
        matrix = name.removesuffix(".scale") + ".weight"
        read[matrix] = read[matrix].astype(np.float32) * scale[:, None]
    nibbles, scales = read.pop("emb.nibbles"), read.pop("emb.scales").astype(np.float32)
    groups = nibbles.reshape(*scales.shape, 16)
    values = np.concatenate([groups & 15, groups >> 4], axis=-1).astype(np.float32) - 8
    table = (values * scales[..., None]).reshape(len(scales), -1)
    return {name: value.astype(np.float32) for name, value in read.items()}, table


class Graph:
    def __init__(self, tensors, table, fused):
        self.nodes, self.constants, self.tensors, self.fused = [], {}, tensors, fused
        self.made = 0
        self.constants["table"] = table
        self.constants["positions"] = tensors["pos"]
        x = self.embed()
        layers = 1 + max(int(name.split(".")[1]) for name in tensors if name.startswith("layers."))
        for layer in range(layers):
            x = self.layer(f"layers.{layer}", x)
        x = self.add("MatMul", [x, self.constant("head.weight", transposed=True)])
        self.add("Add", [x, self.constant("head.bias")], output="logits")

    def constant(self, name, transposed=False):
        value = self.tensors[name]
        self.constants.setdefault(name, np.ascontiguousarray(value.T) if transposed else value)
        return name

    def ints(self, name, values):
        self.constants.setdefault(name, np.array(values, np.int64))
        return name

    def add(self, kind, inputs, output=None, domain="", outputs=1, **attributes):
        from onnx import helper

        self.made += 1
        out = [output] if output else [f"v{self.made}.{i}" for i in range(outputs)]
        self.nodes.append(helper.make_node(kind, inputs, out, name=f"n{self.made}", domain=domain, **attributes))
        return out[0] if outputs == 1 else out

    def norm(self, name, x, y, bias):
        scale, shift = self.constant(f"{name}.weight"), self.constant(f"{name}.bias")
        if self.fused:
            inputs = [x, y, scale, shift] + ([bias] if bias else [])
            return self.add("SkipLayerNormalization", inputs, domain="com.microsoft", epsilon=EPSILON)
        y = self.add("Add", [y, bias]) if bias else y
        return self.add("LayerNormalization", [self.add("Add", [x, y]), scale, shift], epsilon=EPSILON, axis=-1)

    def embed(self):
        x = self.add("Gather", ["table", "ids"])
        length = self.add("Slice", [self.add("Shape", ["ids"]), self.ints("one", [1]), self.ints("two", [2])])
        rows = self.add("Slice", ["positions", self.ints("zero", [0]), length])
        rows = self.add("Unsqueeze", [rows, self.ints("zero", [0])])
        return self.norm("ln", x, rows, None)

    def attention(self, name, x):
        matrix, bias = self.constant(f"{name}.qkv.weight", transposed=True), self.constant(f"{name}.qkv.bias")
        if self.fused:
            return self.add("Attention", [x, matrix, bias], domain="com.microsoft", num_heads=HEADS)
        all_three = self.add("Add", [self.add("MatMul", [x, matrix]), bias])
        q, k, v = self.add("Split", [all_three], outputs=3, axis=-1, num_outputs=3)
        heads = self.ints("heads", [0, 0, HEADS, WIDTH // HEADS])
        q, v = (self.add("Transpose", [self.add("Reshape", [part, heads])], perm=[0, 2, 1, 3]) for part in (q, v))
        k = self.add("Transpose", [self.add("Reshape", [k, heads])], perm=[0, 2, 3, 1])
        self.constants["root"] = np.array((WIDTH / HEADS) ** -0.5, np.float32)
        scores = self.add("Mul", [self.add("MatMul", [q, k]), "root"])
        mixed = self.add("MatMul", [self.add("Softmax", [scores], axis=-1), v])
        mixed = self.add("Transpose", [mixed], perm=[0, 2, 1, 3])
        return self.add("Reshape", [mixed, self.ints("width", [0, 0, WIDTH])])

    def layer(self, name, x):
        attended = self.add("MatMul", [self.attention(name, x), self.constant(f"{name}.o.weight", transposed=True)])
        x = self.norm(f"{name}.ln1", x, attended, self.constant(f"{name}.o.bias"))
        wide = self.add("MatMul", [x, self.constant(f"{name}.fi.weight", transposed=True)])
        bias = self.constant(f"{name}.fi.bias")
        if self.fused:
            wide = self.add("BiasGelu", [wide, bias], domain="com.microsoft")
        else:
            wide = self.add("Gelu", [self.add("Add", [wide, bias])])
        narrow = self.add("MatMul", [wide, self.constant(f"{name}.fo.weight", transposed=True)])
        return self.norm(f"{name}.ln2", x, narrow, self.constant(f"{name}.fo.bias"))

    def save(self, path):
        import onnx
        from onnx import TensorProto, helper, numpy_helper

        constants = [numpy_helper.from_array(value, name) for name, value in self.constants.items()]
        ids = helper.make_tensor_value_info("ids", TensorProto.INT64, [1, "pieces"])
        out = helper.make_tensor_value_info("logits", TensorProto.FLOAT, [1, "pieces", 11])
        graph = helper.make_graph(self.nodes, "encoder", [ids], [out], constants)
        domains = [helper.make_opsetid("", 20), helper.make_opsetid("com.microsoft", 1)]
        onnx.save(helper.make_model(graph, opset_imports=domains, ir_version=9), path)


def build(args):
    from onnxruntime.quantization import QuantType, quantize_dynamic

    (tensors, table), out = weights(args.model), Path(args.out)
    out.mkdir(parents=True, exist_ok=True)
    for name, fused in (("", True), ("plain.", False)):
        source = out / f"{name}f32.onnx"
        Graph(tensors, table, fused).save(source)
        quantize_dynamic(
            source,
            out / f"{name}int8.onnx",
            op_types_to_quantize=["MatMul", "Attention"],
            per_channel=True,
            reduce_range=not args.vnni,
            weight_type=QuantType.QInt8,
            extra_options={"DefaultTensorType": 1, "MatMulConstBOnly": True},
        )


def session(path):
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_ALL
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def read_windows(path, most=None):
    """Windows of the first articles: rows of ids."""
    out, seen = [], 0
    for line in open(path):
        if most is not None and seen >= most:
            break
        if line.strip():
            out.append(np.array([line.split()], np.int64))
        else:
            seen += 1
    return out


def run(args):
    model, windows = session(args.model), read_windows(args.windows, args.first)
    words = count(article["body"] for article in articles(args.articles, args.first))
    model.run(None, {"ids": windows[0]})
    before = time.process_time()
    for window in windows:
        model.run(None, {"ids": window})
    spent = time.process_time() - before
    pieces = sum(window.shape[1] for window in windows)
    print(f"{Path(args.model).name}: {len(windows)} windows, {pieces} pieces, {words} words, {spent:.3f} s, {words / spent:.0f} words a CPU-second")


def check(args):
    windows = read_windows(args.windows, args.first)
    paths = sorted(Path(args.out).glob("*.onnx"))
    best = {path.name: np.concatenate([session_of.run(None, {"ids": w})[0][0].argmax(-1) for w in windows]) for path in paths for session_of in [session(path)]}
    reference = best["f32.onnx"]
    for name, labels in best.items():
        inside = reference > 0
        same, of_names = (labels == reference).mean(), (labels == reference)[inside].mean()
        print(f"{name}: label as f32.onnx at {same:.4f} of {len(labels)} pieces, {of_names:.4f} of {inside.sum()} in names")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(required=True)
    one = commands.add_parser("build")
    one.add_argument("model", help="models/accurate.bin, or what else `khabar-lab pack` wrote")
    one.add_argument("out")
    one.add_argument("--vnni", action="store_true", help="weights of 8 bits, for processors with VNNI")
    one.set_defaults(run=build)
    two = commands.add_parser("run")
    two.add_argument("model")
    two.add_argument("windows")
    two.add_argument("--articles", required=True, help="the articles that the windows are of")
    two.set_defaults(run=run)
    three = commands.add_parser("check")
    three.add_argument("out")
    three.add_argument("windows")
    three.set_defaults(run=check)
    for command in (two, three):
        command.add_argument("--first", type=int, help="of this many articles")
    args = parser.parse_args()
    args.run(args)
