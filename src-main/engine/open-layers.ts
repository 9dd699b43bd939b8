import type { TapSession } from "../../shared/domain/engine.ts";
import type { FusionId, LayerFusion } from "../../shared/domain/fusion.ts";
import type { TapDescription } from "../../shared/domain/model.ts";
import { fail } from "../../shared/errors/app-error.ts";

/** Layers more than this say nothing new, and each is a run of its own. */
const mostLayers = 8;

/** The layers that a run maps at, opened. */
export interface OpenedLayers {
  /** At the finest of them: its grid is the maps'. */
  readonly session: TapSession;
  /** As the run keeps it: of several layers under one name. */
  readonly tap: TapDescription;
  /** Coarsest first; null where there is one. */
  readonly layers: {
    readonly sessions: readonly TapSession[];
    readonly how: FusionId;
  } | null;
  readonly device: string;
}

/** Opens the layer of a run, or all that it fuses. Closes what it opened when one of them cannot be. */
export async function openLayers(
  {
    tap,
    fusion,
  }: { readonly tap: string | null; readonly fusion?: LayerFusion | null | undefined },
  open: (tap: string | null) => Promise<{ readonly session: TapSession; readonly device: string }>,
): Promise<OpenedLayers> {
  if (!fusion) {
    const { session, device } = await open(tap);
    return { session, tap: session.tap, layers: null, device };
  }
  const names = [...new Set(fusion.taps)];
  if (names.length < 2 || names.length > mostLayers || names.length < fusion.taps.length)
    fail("run/fusion-layers", { most: mostLayers, given: names.length });
  const opened: { readonly session: TapSession; readonly device: string }[] = [];
  try {
    for (const name of names) opened.push(await open(name));
  } catch (cause) {
    await Promise.all(opened.map(({ session }) => session.close()));
    throw cause;
  }
  // Whatever order they were named in: the same layers are the same run.
  const sessions = opened
    .map(({ session }) => session)
    .toSorted((a, b) => placesOf(a) - placesOf(b) || (a.tap.name < b.tap.name ? -1 : 1));
  const session = sessions.at(-1) ?? opened[0].session;
  const taps = sessions.map((one) => one.tap.name);
  const { how } = fusion;
  return {
    session,
    tap: {
      ...session.tap,
      name: `${taps.join(" + ")}, ${how}`,
      isDefault: false,
      fusion: { taps, how },
    },
    layers: { sessions, how },
    device: opened[0].device,
  };
}

function placesOf({ tap: { grid } }: TapSession): number {
  return grid[1] * grid[2];
}
