"""How long does the review by a model take beside the model? Seconds of a pass against a model that answers at once.

    python benchmarks/ai_overhead.py --repo DIR [--base HEAD~1] [--head HEAD] [--engine NAME ...] [--times 5]

Each engine reviews the same change, one after the other, as often as `--times` says, one call at a time, without
a cache. The model is a server on this machine whose answer holds no finding. Printed for each engine: calls, the
median wall seconds of the whole pass and of one call, and the median of their processor seconds with all
processes that they started. The programs of `make claude` are used; the bar is 2 seconds a call.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import sys
import time
from dataclasses import replace
from pathlib import Path

from gate.config import load_policy
from gate.core.policy import AiPolicy
from gate.git import Repository
from gate.pipeline.ai.review import prepare
from gate.pipeline.request import Request

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.ai.kit import KEY, VERSIONS, cli_folder  # noqa: E402
from tests.support.fake_messages import Asked, Reply, messages_api  # noqa: E402

ENGINES = ("claude", "security-review", "messages-api")


def answer(asked: Asked, _number: int) -> Reply:
    """No finding, in the form that the engine asked for."""
    body = json.loads(asked.body)
    said = {"findings": []} | ({"review_id": asked.review_id} if asked.review_id else {})
    if any(tool["name"] == "StructuredOutput" for tool in body.get("tools", ())):
        return Reply(tools=[("StructuredOutput", said)])
    return Reply(text=json.dumps(said), stop="end_turn")


def processor_seconds() -> float:
    """Of this process and of all that it started and waited for."""
    who = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return sum(used.ru_utime + used.ru_stime for used in map(resource.getrusage, who))


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    options.add_argument("--repo", type=Path, default=ROOT)
    options.add_argument("--base", default="HEAD~1")
    options.add_argument("--head", default="HEAD")
    options.add_argument("--engine", action="append", choices=ENGINES)
    options.add_argument("--version", choices=VERSIONS, default=VERSIONS[-1])
    options.add_argument("--times", type=int, default=5)
    given = options.parse_args()
    policy = load_policy(b"version: 1\n")
    rows: dict[str, list[tuple[int, float, float]]] = {}
    with Repository.open(given.repo) as repository, messages_api(answer) as model:
        change = repository.change(given.base, given.head)
        lines = sum(file.added + file.removed for file in change.files)
        print(f"{change.repo}: {len(change.files):,} files, {lines:,} changed lines")
        environment = {
            "PATH": f"{cli_folder(given.version)}:{os.environ['PATH']}",
            "ANTHROPIC_API_KEY": KEY,
            "ANTHROPIC_BASE_URL": model.url,
        }
        request = Request(environment=environment)
        for _ in range(given.times):
            for engine in given.engine or ENGINES:
                ai = AiPolicy(
                    enabled=True, engine=engine, model="claude-opus-4-8", jobs=1, max_usd=1000, timeout=7200
                )
                review = prepare(repository, change, replace(policy, ai=ai), request, lambda _stage: None)
                assert review is not None
                wall, cpu = time.perf_counter(), processor_seconds()
                done = review.run()
                wall, cpu = time.perf_counter() - wall, processor_seconds() - cpu
                if not done.batches or done.runs_completed != 1:
                    print(f"{engine}: {done.status}, {done.reason}, {done.notes}", file=sys.stderr)
                    return 1
                rows.setdefault(engine, []).append((done.batches, wall, cpu))
    print(f"{'engine':16} {'calls':>6} {'pass s':>8} {'call s':>8} {'cpu s a call':>13}")
    for engine, timed in rows.items():
        calls = timed[0][0]
        wall, cpu = (statistics.median(row[column] for row in timed) for column in (1, 2))
        print(f"{engine:16} {calls:>6,} {wall:>8.2f} {wall / calls:>8.2f} {cpu / calls:>13.2f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
