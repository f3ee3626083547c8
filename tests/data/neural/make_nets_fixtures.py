"""Writes tests/data/torch_nets.safetensors: small networks in PyTorch with random weights, their inputs and outputs.

    python tests/scripts/make_nets_fixtures.py

Names of weights are those of the networks in Rust, so that the test can load them as they are.
"""
import math
import pathlib

import torch
import torch.nn.functional as F
from safetensors.torch import save_file

torch.manual_seed(5)
W, HEADS, HIDDEN, CODES, BOOKS, T, IDS = 24, 2, 32, 12, 3, 20, 3
out = {}


class Net:
    """Makes weights by name and keeps them."""

    def __init__(self, prefix):
        self.prefix = prefix

    def weight(self, name, *shape):
        key = f"{self.prefix}/{name}"
        if key not in out:
            scale = 1.0 / math.sqrt(shape[-1]) if len(shape) > 1 else 0.3
            out[key] = torch.randn(*shape) * scale
        return out[key]

    def linear(self, name, x, i, o):
        return F.linear(x, self.weight(f"{name}.weight", o, i), self.weight(f"{name}.bias", o))

    def norm(self, name, x):
        return F.layer_norm(x, (W,), self.weight(f"{name}.weight", W), self.weight(f"{name}.bias", W), 1e-5)

    def conv(self, name, x, i, o, k, dilation=1):
        w = self.weight(f"{name}.weight", o, k, i)
        y = F.conv1d(x.transpose(1, 2), w.permute(0, 2, 1), self.weight(f"{name}.bias", o), padding="same", dilation=dilation)
        return y.transpose(1, 2)

    def attention(self, name, x, memory):
        split = lambda y: y.view(1, -1, HEADS, W // HEADS).transpose(1, 2)
        q, k, v = (split(self.linear(f"{name}.{n}", y, W, W)) for n, y in (("query", x), ("key", memory), ("value", memory)))
        y = F.scaled_dot_product_attention(q, k, v).transpose(1, 2).reshape(1, -1, W)
        return self.linear(f"{name}.out", y, W, W)

    def block(self, name, x, memory=None, condition=None):
        n = self.norm(f"{name}.norm", x)
        x = x + self.attention(f"{name}.attention", n, n)
        if memory is not None:
            x = x + self.attention(f"{name}.cross", self.norm(f"{name}.norm_cross", x), memory)
        h = gelu(self.linear(f"{name}.up", self.norm(f"{name}.norm_ff", x), W, HIDDEN))
        x = x + self.linear(f"{name}.down", h, HIDDEN, W)
        if condition is not None:
            scale, shift = self.linear(f"{name}.adapt", condition, W, 2 * W).chunk(2, -1)
            x = x * (1 + scale) + shift
        return x


def gelu(x):
    return F.gelu(x, approximate="tanh")


def positions(t):
    rate = torch.exp(torch.arange(0, W, 2) * (-math.log(10000.0) / W))
    angle = torch.arange(t)[:, None] * rate
    return torch.stack([angle.sin(), angle.cos()], -1).reshape(1, t, W)


# The masked generator, without words and WavLM, all tokens and conditions given.
net = Net("masked")
signal = torch.randn(1, T, 5)
tokens = torch.randint(0, CODES + 1, (2, 1, T))
identity, source = torch.randn(1, W), torch.randint(0, CODES, (1, 2))


def hear(part):
    x = net.linear(f"speech_{part}.signal", signal, 5, W)
    x = x + gelu(net.conv(f"speech_{part}.conv0", x, W, W, 5))
    x = x + positions(T)
    x = net.block(f"speech_{part}.block0", x)
    return net.linear(f"speech_in_{part}", net.norm(f"speech_{part}.norm", x), W, W)


speech = hear("face") + hear("body")
net.weight("no_speech", 1, 1, W)
c = "condition"
net.weight(f"{c}.identities.table", IDS, W)
net.weight(f"{c}.no_identity", 1, 1, W)
net.weight(f"{c}.no_source", 1, 1, W)
no_cues = net.weight(f"{c}.no_cues", 1, 1, W)
for name, count in (("shapes", 12), ("positions", 12), ("next_shapes", 12), ("next_positions", 12)):
    net.weight(f"{c}.{name}.table", count, W)
net.linear(f"{c}.scalars", torch.zeros(1, 7), 7, W)
net.linear(f"{c}.cues_out.first", torch.zeros(1, W), W, W)
net.linear(f"{c}.cues_out.second", torch.zeros(1, W), W, W)
both = F.embedding(source[:, 0], net.weight(f"{c}.source_face.table", CODES, W))
both = both + F.embedding(source[:, 1], net.weight(f"{c}.source_body.table", CODES, W))
condition = identity[:, None] + net.linear(f"{c}.source_out", both, W, W)[:, None] + no_cues
condition = condition.expand(1, T, W)
at_frames = net.linear("condition_in", condition, W, W) + speech + positions(T)
x = F.embedding(tokens[0], net.weight("tokens_face.table", CODES + 1, W))
x = x + F.embedding(tokens[1], net.weight("tokens_body.table", CODES + 1, W)) + at_frames
for i in range(2):
    x = net.block(f"block{i}", x, speech + positions(T), gelu(condition))
x = net.norm("norm", x)
for part in ("face", "body"):
    h = gelu(net.linear(f"head_{part}.first", x, W, W))
    out[f"masked:{part}"] = net.linear(f"head_{part}.second", h, W, CODES)
out.update({"masked:signal": signal, "masked:tokens": tokens.to(torch.uint32), "masked:identity": identity,
            "masked:source": source.to(torch.uint32)})

# The tokens' network: latent, tokens by nearest codes of what is left, motion.
net, CODE, SIZE = Net("rvq"), 8, 6
motion = torch.randn(1, T, SIZE)


def res(name, x, dilation):
    h = gelu(net.conv(f"{name}.wide", gelu(x), W, W, 3, dilation))
    return x + net.linear(f"{name}.narrow", h, W, W)


x = net.conv("encoder.input", motion, SIZE, W, 3)
for i, dilation in enumerate((1, 2)):
    x = res(f"encoder.block{i}", x, dilation)
latent = net.linear("encoder.to_code", gelu(x), W, CODE)
books = torch.randn(BOOKS, CODES, CODE) * torch.tensor([1.0, 0.5, 0.25])[:, None, None]
left, ids, total = latent, [], torch.zeros_like(latent)
for book in books:
    near = torch.cdist(left, book[None]).argmin(-1)
    ids.append(near)
    code = F.embedding(near, book)
    left, total = left - code, total + code
x = net.linear("decoder.input", total, CODE, W)
for i, dilation in enumerate((2, 1)):
    x = res(f"decoder.block{i}", x, dilation)
made = net.conv("decoder.out", gelu(x), W, SIZE, 3)
out.update({"rvq/quantiser.books": books, "rvq:motion": motion, "rvq:latent": latent,
            "rvq:tokens": torch.stack(ids, -1).to(torch.uint32), "rvq:made": made})

path = pathlib.Path(__file__).parent.parent / "data" / "torch_nets.safetensors"
save_file({k: v.contiguous() for k, v in out.items()}, path)
print(len(out), "tensors,", path.stat().st_size, "bytes")
