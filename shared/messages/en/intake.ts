import type { Message } from "../catalogue.ts";

/** English: intake. */
export const intake = {
  "intake.note.others": {
    one: "1 file is no picture that Hansight reads: {found}",
    other: "{n} files are no pictures that Hansight reads: {found}",
  },
  "intake.note.no-extension": "without extension",
  "intake.note.links": { one: "1 link was followed", other: "{n} links were followed" },
  "intake.note.links-repeated": {
    one: "1 link leads to what is listed already and was left out",
    other: "{n} links lead to what is listed already and were left out",
  },
  "intake.note.links-refused": {
    one: "1 link leads nowhere or outside the folders that may be read",
    other: "{n} links lead nowhere or outside the folders that may be read",
  },
  "intake.note.unreachable": {
    one: "1 entry could not be looked at: {example}",
    other: "{n} entries could not be looked at, such as {example}",
  },
  "intake.note.folders": {
    one: "Labels are folder names: 1 class",
    other: "Labels are folder names: {n} classes",
  },
  "intake.note.folders-none": "No labels: the folder names say nothing about classes",
  "intake.note.folders-deeper": {
    one: "1 image lies deeper; its class is folder level {level}, not the folder above it",
    other: "{n} images lie deeper; their class is folder level {level}, not the folder above them",
  },
  "intake.note.folders-outside": {
    one: "1 image lies in no class folder and has no label",
    other: "{n} images lie in no class folder and have no label",
  },
  "intake.note.folders-split":
    "Folders named {names} are taken for parts of the dataset, not classes",
  "intake.note.labels": "Labels are read from {file} ({format})",
  "intake.note.table": "The table is {encoding} text, its cells are parted by {delimiter}",
  "intake.note.no-header": "The table has no header line",
  "intake.note.matched": "{matched} of {total} images are named in the labels",
  "intake.note.unmatched-rows": {
    one: "1 row of the labels names no image here",
    other: "{n} rows of the labels name no image here",
  },
  "intake.note.unmatched-files": {
    one: "1 image is not named in the labels",
    other: "{n} images are not named in the labels",
  },
  "intake.note.multi-label": {
    one: "1 image has more than one label; right and wrong are not counted for it",
    other: "{n} images have more than one label; right and wrong are not counted for them",
  },
  "intake.note.classes-file": "Class names come from {file}, line 1 is output 0",
  "intake.note.classes-model": "Class names come from the model file",
  "intake.note.classes-beside": "Class names come from {file} beside the model",
  "intake.note.classes-labels": "Classes are the labels in use; no model was asked",
  "intake.note.classes-numbers": "Nothing names the outputs; they are numbered from 0",
  "intake.note.classes-sorted":
    "Class names are the {n} labels in sorted order, a guess that the accuracy must bear out",
  "intake.note.classes-misfit":
    "{file} was passed over: it names {names}, the model has {outputs} outputs",
  "intake.note.model-metadata": "The list in the model file",
  "intake.note.background-added":
    "{names} names for {outputs} outputs: output 0 is taken for the background",
  "intake.note.background-dropped":
    "{names} names for {outputs} outputs: the first, the background, is left out",
  "intake.note.labels-numbers": "The labels are numbers and are read as output numbers",
  "intake.note.labels-unknown": {
    one: "1 label is not among the model's classes: {found}",
    other: "{n} labels are not among the model's classes: {found}",
  },
  "intake.note.evidence": "Evidence for {n} of {total} images is read from {file} ({format})",
  "intake.note.evidence-labels": "The labels also hold evidence for {n} of {total} images",
  "intake.note.evidence-outside": {
    one: "1 mask lies outside the images and the evidence file's folder and was not opened",
    other: "{n} masks lie outside the images and the evidence file's folder and were not opened",
  },
  "intake.note.evidence-missing": {
    one: "1 mask is not at its place",
    other: "{n} masks are not at their places",
  },
  "intake.note.evidence-unusable": {
    one: "1 image has evidence that cannot be used: empty, off the picture or damaged",
    other: "{n} images have evidence that cannot be used: empty, off the picture or damaged",
  },
  "intake.note.masks": "Masks for {n} of {total} images are read from {file}",
  "intake.note.masks-voc": "The masks have Pascal VOC's palette: 255 is left out",
  "intake.note.masks-unused": {
    one: "1 mask belongs to no image here",
    other: "{n} masks belong to no image here",
  },
} satisfies Record<string, Message>;
