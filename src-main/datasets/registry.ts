import { cocoReader } from "./coco.ts";
import { cvatReader } from "./cvat.ts";
import { delimitedReader } from "./delimited.ts";
import { labelMeReader } from "./label-me.ts";
import { pascalVocReader } from "./pascal-voc.ts";
import type { DatasetReader } from "./reader.ts";
import { unsupportedReader } from "./unsupported.ts";
import { yoloReader } from "./yolo.ts";

/** Every format of labels and evidence, the most particular first: the first that recognises a source reads it. */
export const readers: readonly DatasetReader[] = [
  unsupportedReader,
  labelMeReader,
  cocoReader,
  cvatReader,
  pascalVocReader,
  yoloReader,
  delimitedReader,
];
