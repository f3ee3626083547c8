"""The nets of examples/forward.rs and examples/step.rs in PyTorch eager, for comparison on the same machine.

Run: python benches/forward_torch.py [--train] [--rounds 6] [--threads 2] [--size "8L d384 h6"]
Prints least and median wall time and user time of one forward pass (batch 1, 250 frames that attend to 250 frames of
speech, whose keys and values are worked out in each pass), or of one training step (batch 16 of 80 frames).
"""

import argparse
import os
import statistics
import time

import torch
import torch.nn.functional as F
from torch import nn

SIZES = {
    "4L d256 h4 ff1024": (4, 256, 4, 1024),
    "8L d384 h6 ff1024": (8, 384, 6, 1024),
    "8L d384 h8 ff1024": (8, 384, 8, 1024),
    "12L d512 h8 ff2048": (12, 512, 8, 2048),
}


class Attention(nn.Module):
    def __init__(self, c, heads):
        super().__init__()
        self.heads = heads
        self.q, self.k, self.v, self.out = (nn.Linear(c, c) for _ in range(4))

    def forward(self, x, y):
        split = lambda z: z.unflatten(-1, (self.heads, -1)).transpose(1, 2)
        z = F.scaled_dot_product_attention(split(self.q(x)), split(self.k(y)), split(self.v(y)))
        return self.out(z.transpose(1, 2).flatten(2))


class Layer(nn.Module):
    def __init__(self, c, heads, feed):
        super().__init__()
        self.n1, self.n2, self.n3 = (nn.LayerNorm(c) for _ in range(3))
        self.own, self.cross = Attention(c, heads), Attention(c, heads)
        self.feed_in, self.feed_out = nn.Linear(c, feed), nn.Linear(feed, c)

    def forward(self, x, speech):
        h = self.n1(x)
        x = x + self.own(h, h)
        x = x + self.cross(self.n2(x), speech)
        return x + self.feed_out(F.gelu(self.feed_in(self.n3(x)), approximate="tanh"))


class Net(nn.Module):
    def __init__(self, layers, c, heads, feed):
        super().__init__()
        self.layers = nn.ModuleList(Layer(c, heads, feed) for _ in range(layers))

    def forward(self, x, speech):
        for layer in self.layers:
            x = layer(x, speech)
        return x


def measure(name, times, f):
    for _ in range(2):
        f()
    wall, before = [], os.times()
    for _ in range(times):
        begun = time.perf_counter()
        f()
        wall.append((time.perf_counter() - begun) * 1e3)
    after = os.times()
    user, system = ((b - a) / times * 1e3 for a, b in zip(before[:2], after[:2]))
    median = statistics.median(wall)
    print(f"  {name:<26} min {min(wall):7.1f}  median {median:7.1f}  user {user:7.1f}  sys {system:6.1f} ms")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--train", action="store_true")
    parser.add_argument("--rounds", type=int, default=6)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--size", default="8L d384 h6")
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    torch.manual_seed(1)
    print(f"PyTorch {torch.__version__}, {args.threads} threads")
    for name, size in SIZES.items():
        if args.size not in name:
            continue
        net, c = Net(*size), size[1]
        print(name)
        if args.train:
            x, speech = torch.randn(16, 80, c), torch.randn(16, 80, c)
            adam = torch.optim.AdamW(net.parameters(), lr=1e-5)

            def step():
                adam.zero_grad(set_to_none=True)
                net(x, speech).square().mean().backward()
                nn.utils.clip_grad_norm_(net.parameters(), 1.0)
                adam.step()

            measure("training step", args.rounds * 2, step)
        else:
            x, speech = torch.randn(1, 250, c), torch.randn(1, 250, c)
            with torch.inference_mode():
                measure("forward", args.rounds * 4, lambda: net(x, speech))


main()
