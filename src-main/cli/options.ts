import { InvalidArgumentError, type Command } from "commander";
import type { Overrides } from "../../shared/contract/intake.ts";
import { providers } from "../../shared/domain/device.ts";
import { headMixes, type HeadMix } from "../../shared/domain/fit.ts";
import { methodIds, type MethodId } from "../../shared/domain/method-id.ts";
import type { Target } from "../../shared/domain/target.ts";
import {
  presetIds,
  resampleIds,
  type PresetId,
  type Resample,
} from "../../shared/domain/preparation.ts";
import { parseWindow } from "../../shared/domain/picture-window.ts";
import type { PlaceId } from "../../shared/domain/ids.ts";
import { fusionIds, type FusionId } from "../../shared/domain/fusion.ts";
import { fail } from "../../shared/errors/app-error.ts";
import { message } from "../../shared/messages/catalogue.ts";
import type { Hansight } from "../start.ts";

/** Flags that several commands share, parsed once: what reaches a command is typed. */
export interface PreparationFlags {
  readonly preset?: PresetId;
  readonly geometry?: string;
  readonly resample?: Resample;
  readonly preparation?: string;
  readonly window?: string;
}

export interface MapFlags {
  readonly method?: MethodId;
  readonly tap?: string;
  readonly taps?: readonly string[];
  readonly fuse?: FusionId;
  readonly with?: readonly OtherFlag[];
  readonly target?: Target;
  readonly seed?: number;
}

export function addPreparationFlags(command: Command): Command {
  return command
    .option(
      "--preset <name>",
      message("cli.option.preset", { presets: presetIds.join(", ") }),
      oneOf(presetIds),
    )
    .option("--geometry <how>", message("cli.option.geometry"), geometry)
    .option("--resample <how>", message("cli.option.resample"), oneOf(resampleIds))
    .option("--preparation <file>", message("cli.option.preparation"))
    .option("--window <which>", message("cli.option.window"), pictureWindow);
}

export function addMapFlags(
  command: Command,
  parseTarget: (text: string) => unknown = target,
): Command {
  command.option(
    "--method <name>",
    message("cli.option.method", { methods: methodIds.join(", ") }),
    oneOf(methodIds),
  );
  return addLayerFlags(command, parseTarget);
}

/** A further model, as `FILE` or `FILE#output` names it. */
export interface OtherFlag {
  readonly file: string;
  readonly output: number | null;
}

/** Several layers in one map, and further models. */
export function addFusionFlags(command: Command): Command {
  return command
    .option("--taps <tensors>", message("cli.option.taps"), (text) => text.split(","))
    .option(
      "--fuse <how>",
      message("cli.option.fuse", { fusions: fusionIds.join(", ") }),
      oneOf(fusionIds),
    )
    .option("--with <file>", message("cli.option.with"), otherModel, []);
}

function otherModel(text: string, before: readonly OtherFlag[]): OtherFlag[] {
  const [, file = text, output] = /^(.+)#(\d+)$/.exec(text) ?? [];
  return [...before, { file, output: output === undefined ? null : wholeNumber(output) }];
}

/** What is explained and where, whatever the method. */
export function addLayerFlags(
  command: Command,
  parseTarget: (text: string) => unknown = target,
): Command {
  return addDevice(command)
    .option("--tap <tensor>", message("cli.option.tap"))
    .option("--target <which>", message("cli.option.target"), parseTarget)
    .option("--seed <n>", message("cli.option.seed"), wholeNumber);
}

/** Read by every engine process that this one starts. */
export function addDevice(command: Command): Command {
  return command.option(
    "--device <name>",
    message("cli.option.device", { devices: ["auto", ...providers].join(", ") }),
    (name) => {
      process.env["HANSIGHT_DEVICE"] = oneOf(["auto", ...providers])(name);
      return name;
    },
  );
}

/** Flags of methods that learn from the labelled images first. */
export interface FitFlags {
  readonly fitClasses?: readonly string[];
  readonly fitMix?: HeadMix;
}

export function addFitFlags(command: Command): Command {
  return command
    .option("--fit-classes <names>", message("cli.option.fit-classes"), (text) => text.split(","))
    .option(
      "--fit-mix <how>",
      message("cli.option.fit-mix", { mixes: headMixes.join(", ") }),
      oneOf(headMixes),
    );
}

export function addJson(command: Command): Command {
  return command.option("--json", message("cli.option.json"));
}

/** The last lines of `--help`: commands to copy. */
export function examples(command: Command, lines: readonly string[]): Command {
  const text = lines.map((line) => `  ${line}`).join("\n");
  return command.addHelpText("after", `\n${message("cli.examples")}\n${text}`);
}

/** The contract's overrides for what was given; paths become place ids. */
export async function overridesOf(
  hansight: Hansight,
  flags: PreparationFlags & MapFlags,
): Promise<Overrides> {
  return {
    preset: flags.preset ?? null,
    geometry: flags.geometry ?? null,
    resample: flags.resample ?? null,
    preparationFile: await placeOrNull(hansight, flags.preparation),
    window: flags.window ?? null,
    method: flags.method ?? null,
    tap: flags.tap ?? null,
    target: flags.target ?? null,
    seed: flags.seed ?? null,
    ...(await fusionOf(hansight, flags)),
  };
}

/** Layers and further models as the contract takes them; nothing where none were named. */
export async function fusionOf(
  { places }: Pick<Hansight, "places">,
  { tap, taps, fuse, with: others = [] }: Pick<MapFlags, "tap" | "taps" | "fuse" | "with">,
): Promise<Pick<Overrides, "fusion" | "others">> {
  if (taps && tap !== undefined) fail("usage/two-layers", {});
  if (fuse && !taps) fail("usage/fuse-what", {});
  return {
    ...(taps && { fusion: { taps: [...taps], how: fuse ?? "tanh-max" } }),
    ...(others.length > 0 && {
      others: await Promise.all(
        others.map(async ({ file, output }) => ({ model: await places.idFor(file), output })),
      ),
    }),
  };
}

export function placeOrNull(hansight: Hansight, path: string | undefined): Promise<PlaceId | null> {
  return path === undefined ? Promise.resolve(null) : hansight.places.idFor(path);
}

export function wholeNumber(text: string): number {
  const number = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(number)) {
    throw new InvalidArgumentError(message("cli.option.whole-number"));
  }
  return number;
}

export function oneOf<const T extends readonly string[]>(values: T): (text: string) => T[number] {
  return (text) => {
    const found = values.find((value) => value === text);
    if (found === undefined) throw new InvalidArgumentError(values.join(", "));
    return found;
  };
}

function pictureWindow(text: string): string {
  if (!parseWindow(text)) throw new InvalidArgumentError(message("cli.option.window"));
  return text;
}

function geometry(text: string): string {
  if (!/^(stretch|letterbox|none|crop(:\d+)?)$/.test(text)) {
    throw new InvalidArgumentError(message("cli.option.geometry"));
  }
  return text;
}

/** One target, or several class indices. */
export function targets(text: string): Target | readonly number[] {
  return /^\d+(,\d+)+$/.test(text) ? text.split(",").map(wholeNumber) : target(text);
}

function target(text: string): Target {
  if (text === "predicted" || text === "label" || text === "top-2") return { kind: text };
  return { kind: "class", index: wholeNumber(text) };
}

/** A TCP port; 0 for a free one. */
export function portNumber(text: string): number {
  const port = wholeNumber(text);
  if (port > 65_535) throw new InvalidArgumentError(message("cli.option.port-range"));
  return port;
}
