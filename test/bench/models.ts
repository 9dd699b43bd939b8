import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fixture, fixturesFolder } from "../support/fixtures.ts";
import { randomResNet50 } from "../support/random-resnet.ts";

export interface BenchModel {
  readonly name: string;
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** The random ResNet-50, and the two ImageNet networks where the fixtures are laid out; `absent` names the others. */
export function benchModels(cache: string): {
  models: readonly BenchModel[];
  absent: readonly string[];
} {
  mkdirSync(cache, { recursive: true });
  const resnet = join(cache, "random-resnet50.onnx");
  if (!existsSync(resnet)) writeFileSync(resnet, randomResNet50());
  const wanted = [
    { name: "squeezenet", file: "models/imagenet/squeezenet1.0-fp32.onnx" },
    { name: "mobilenet_v2", file: "models/imagenet/mobilenet_v2_1.0_224.onnx" },
  ];
  const present = fixturesFolder
    ? wanted.map(({ name, file }) => ({ name, path: fixture(file) }))
    : [];
  const models = [...present, { name: "resnet50-random", path: resnet }].map((model) => ({
    ...model,
    bytes: readFileSync(model.path),
  }));
  return { models, absent: fixturesFolder ? [] : wanted.map(({ name }) => name) };
}
