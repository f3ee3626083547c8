"""Writes tests/data/torch_ops.safetensors: inputs, outputs and gradients of every operation as PyTorch has them.

Run: python tests/scripts/make_fixtures.py (PyTorch 2.x, CPU). Every case is one set of tensors named
`<case>/<argument>`, `<case>/out`, `<case>/up` (the gradient that comes in from above) and `<case>/d_<argument>`.
Numbers are computed in float64 and stored as float32.
"""

import pathlib

import torch
import torch.nn.functional as F
from safetensors.torch import save_file

torch.manual_seed(7)
out = {}


def case(name, f, grads, **args):
    """Runs `f` on the arguments and keeps the gradients of those named in `grads`."""
    leaves = {}
    for key, value in args.items():
        value = value.to(torch.float32)  # what the other side will read
        out[f"{name}/{key}"] = value.clone()
        leaves[key] = value.double().requires_grad_(key in grads)
    y = f(**leaves)
    up = torch.randn_like(y).to(torch.float32)
    (y * up.double()).sum().backward()
    out[f"{name}/out"] = y.detach().float().contiguous()
    out[f"{name}/up"] = up
    for key in grads:
        out[f"{name}/d_{key}"] = leaves[key].grad.float().contiguous()


r = torch.randn

case("linear", lambda x, w, b: F.linear(x, w, b), "xwb", x=r(2, 5, 7), w=r(9, 7), b=r(9))
case("linear_wide", lambda x, w, b: F.linear(x, w, b), "xwb", x=r(3, 37), w=r(41, 37), b=r(41))
case("linear_plain", lambda x, w: F.linear(x, w), "xw", x=r(4, 6), w=r(5, 6))
case("layer_norm", lambda x, w, b: F.layer_norm(x, (w.shape[0],), w, b, 1e-5), "xwb", x=r(3, 4, 19) * 2 + 1, w=r(19), b=r(19))
case("gelu", lambda x: F.gelu(x, approximate="tanh"), "x", x=torch.cat([r(50) * 2, torch.tensor([-30.0, -9, -5, 0, 5, 9, 30])]))
case("softmax", lambda x: F.softmax(x, -1), "x", x=r(3, 2, 21) * 4)


def attention(heads):
    def f(q, k, v, bias=None):
        split = lambda x: x.unflatten(-1, (heads, -1)).transpose(1, 2)
        bias = None if bias is None else bias.detach().unsqueeze(1)
        return F.scaled_dot_product_attention(split(q), split(k), split(v), attn_mask=bias).transpose(1, 2).flatten(2)

    return f


case("attention", attention(3), "qkv", q=r(2, 7, 12), k=r(2, 9, 12), v=r(2, 9, 12))
bias = r(2, 7, 9)
bias[:, :, 4] = -torch.inf
case("attention_bias", attention(2), "qkv", q=r(2, 7, 8), k=r(2, 9, 8), v=r(2, 9, 8), bias=bias)
case("attention_one_bias", attention(1), "qkv", q=r(3, 5, 4), k=r(3, 5, 4), v=r(3, 5, 4), bias=r(1, 5, 5))


def conv(dilation):
    # Here x is (batch, time, in) and w (out, taps, in); PyTorch wants (batch, in, time) and (out, in, taps).
    def f(x, w, b=None):
        y = F.conv1d(x.transpose(1, 2), w.transpose(1, 2), b, padding="same", dilation=dilation)
        return y.transpose(1, 2)

    return f


case("conv1", conv(1), "xwb", x=r(2, 8, 5), w=r(6, 3, 5), b=r(6))
case("conv3", conv(3), "xwb", x=r(2, 11, 4), w=r(5, 3, 4), b=r(5))
case("conv_wider_than_x", conv(4), "xw", x=r(1, 5, 3), w=r(4, 5, 3))
case("conv_even", conv(1), "xwb", x=r(2, 6, 3), w=r(2, 4, 3), b=r(2))
case("conv_even2", conv(3), "xwb", x=r(2, 9, 3), w=r(2, 2, 3), b=r(2))

target = torch.tensor([3, 0, 10, 5, 5, 7])
out["cross_entropy/target"] = target.to(torch.float32)


def cross_entropy(smoothing):
    def f(logits, weight):
        each = F.cross_entropy(logits, target, reduction="none", label_smoothing=smoothing)
        return (each * weight).sum() / weight.sum()

    return f


weight = torch.tensor([1.0, 0.0, 2.0, 0.5, 1.0, 0.0])
case("cross_entropy", cross_entropy(0.0), ["logits"], logits=r(6, 11) * 3, weight=weight)
case("cross_entropy_smooth", cross_entropy(0.1), ["logits"], logits=r(6, 11) * 3, weight=weight)
case("smooth_l1", lambda a, b: F.smooth_l1_loss(a, b, beta=0.7), "ab", a=r(5, 6), b=r(5, 6))
case("smooth_l1_zero", lambda a, b: F.smooth_l1_loss(a, b, beta=0.0), "ab", a=r(5, 6), b=r(5, 6))

# Ten steps of AdamW (decoupled decay) with the gradient clipped to a global norm of 1.
w, b = r(4, 3).requires_grad_(), r(3).requires_grad_()
out["adamw/w"], out["adamw/b"] = w.detach().clone(), b.detach().clone()
opt = torch.optim.AdamW([w, b], lr=0.05, betas=(0.9, 0.99), eps=1e-8, weight_decay=0.1)
grads = r(10, 15) * 0.6
out["adamw/grads"] = grads.clone()
for g in grads:
    w.grad, b.grad = g[:12].view(4, 3).clone(), g[12:].clone()
    torch.nn.utils.clip_grad_norm_([w, b], 1.0)
    opt.step()
out["adamw/w_end"], out["adamw/b_end"] = w.detach().clone(), b.detach().clone()

path = pathlib.Path(__file__).parent.parent / "data" / "torch_ops.safetensors"
path.parent.mkdir(exist_ok=True)
save_file({k: v.contiguous() for k, v in out.items()}, path, metadata={"made_by": f"make_fixtures.py, PyTorch {torch.__version__}"})
print(path, path.stat().st_size)
