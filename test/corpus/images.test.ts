import { fork } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { fixture, fixturesFolder } from "../support/fixtures.ts";
import type { DecodedCorpus } from "./decode-corpus.ts";

interface Expected {
  readonly outcome: "read" | "refused";
  readonly width?: number;
  readonly height?: number;
  readonly channels?: number;
  readonly frames?: number;
  /** Another file that shows the same picture. */
  readonly like?: string;
  readonly code?: string;
  readonly why?: string;
  readonly format?: string;
  readonly note: string;
}

// Each file was looked at, or read by hand, before its outcome was written down.
const expected = JSON.parse(
  readFileSync(join(import.meta.dirname, "images.json"), "utf8"),
) as Record<string, Expected>; // our own file; the tests below compare each field

/** Decodes every hostile file in a process of its own: a crash or a hang there fails here, by name. */
async function decodeAll(): Promise<DecodedCorpus> {
  const child = fork(join(import.meta.dirname, "decode-corpus.ts"), [fixture("hostile/images")]);
  const timer = setTimeout(() => child.kill("SIGKILL"), 45_000);
  const exit = once(child, "exit").then(([code, signal]) => {
    throw new Error(`the decoder ended with ${String(code ?? signal)}`);
  });
  const [result] = await Promise.race([once(child, "message"), exit]);
  clearTimeout(timer);
  child.kill();
  return result as DecodedCorpus; // sent by decode-corpus.ts alone
}

describe.skipIf(!fixturesFolder)("hostile pictures", () => {
  let corpus: DecodedCorpus;
  beforeAll(async () => {
    corpus = await decodeAll();
  });

  it("are all in the list", () => {
    expect(readdirSync(fixture("hostile/images")).toSorted()).toEqual(
      Object.keys(expected).toSorted(),
    );
  });

  it.each(Object.entries(expected))("%s has its stated outcome", (name, wanted) => {
    const { note: _, like, ...outcome } = wanted;
    const { greys: ours, ...got } = corpus.files[name];
    expect(got).toMatchObject(outcome);
    if (like !== undefined) {
      const theirs = corpus.files[like].greys ?? [];
      expect(Math.max(...theirs.map((value, i) => Math.abs(value - (ours?.[i] ?? -99))))).toBeLessThan(12);
    }
  });

  it("stay within 600 MB of memory together", () => {
    expect(corpus.peakBytes).toBeLessThan(600e6);
  });
});
