import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { presets, type Preparation } from "../../shared/domain/preparation.ts";
import { resizeMask } from "../../shared/geometry/mask.ts";
import { decodeImage } from "../../src-main/engine/images/decode.ts";
import { readMaskFile } from "../../src-main/engine/images/mask-file.ts";
import { inputSize, prepareInto } from "../../src-main/engine/images/prepare.ts";

export const demoFolder = join(import.meta.dirname, "../../assets/demo");
export const demoModel = join(demoFolder, "chest-resnet.onnx");
export const demoClasses = readFileSync(join(demoFolder, "classes.txt"), "utf8").trim().split("\n");

/** How the demo model was trained to read. */
export function demoPreparation(widthPx: number, heightPx: number): Preparation {
  return {
    preset: "grey-imagenet",
    ...presets["grey-imagenet"],
    geometry: { kind: "stretch" },
    resample: "area",
    widthPx,
    heightPx,
    layout: "NCHW",
  };
}

/** One demo picture with a drawn finding. */
export interface DemoFinding {
  readonly file: string;
  readonly label: number;
  readonly input: Float32Array;
  /** `[side,side]`: 1 inside the finding. */
  readonly truth: Uint8Array;
}

/** All demo pictures whose evidence is a finding (normal ones have lungs instead), masks at `side × side`. */
export async function demoFindings(
  preparation: Preparation,
  side: number,
): Promise<readonly DemoFinding[]> {
  const rows = readFileSync(join(demoFolder, "evidence.csv"), "utf8").trim().split("\n").slice(1);
  const findings: DemoFinding[] = [];
  for (const row of rows) {
    const [file, mask] = row.split(",");
    if (!mask.includes("finding")) continue;
    const path = join(demoFolder, "images", file);
    const input = new Float32Array(inputSize(preparation));
    prepareInto(await decodeImage(path), preparation, input, basename(path));
    const drawn = resizeMask(await readMaskFile(join(demoFolder, mask)), side, side);
    findings.push({
      file,
      label: demoClasses.indexOf(file.split("/")[0]),
      input,
      truth: drawn.data.map((value) => Number(value > 0)),
    });
  }
  return findings;
}
