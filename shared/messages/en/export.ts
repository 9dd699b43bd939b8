import type { Message } from "../catalogue.ts";

/** English: what leaves an audit as data, and what each format cannot hold. */
export const exportWords = {
  "export.title": "Export",
  "export.command": "Export…",
  "export.about": "Files for other programs. Nothing in the audit changes but its record.",
  "export.formats": "Formats",
  "export.items": "Items",
  "export.items.all": "All",
  "export.items.selection": "Selection",
  "export.items.queue": "Queue",
  "export.items.shown": "Shown by filter",
  "export.sources": "With copies of the sources, de-identified",
  "export.sources.hint":
    "By the Basic profile of DICOM; without them references lead nowhere elsewhere",
  "export.identity": "Pictures that may show identity",
  "export.identity.refuse": "Refuse",
  "export.identity.mask": "Cover corners",
  "export.identity.confirm": "None visible",
  "export.identity.leave-out": "Leave out",
  "export.identity.hint.refuse":
    "Nothing is written while a picture may show a name and nobody has answered for it",
  "export.identity.hint.mask":
    "The four corners of every such picture are filled, here and in what leaves; recorded in your name",
  "export.identity.hint.confirm":
    "You have looked, and no such picture shows a name; recorded in your name",
  "export.identity.hint.leave-out": "Such pictures stay out of every export; recorded in your name",
  "export.keepNames": "Keep file names",
  "export.keepNames.hint": "Otherwise items are named by their numbers",
  "export.folder": "Folder",
  "export.folder.choose": "Choose folder…",
  "export.folder.none": "No folder chosen",
  "export.start": { one: "Export {n} item", other: "Export {n} items" },
  "export.cancel": "Cancel",
  "export.losses": "What is not in these files",
  "export.losses.none": "Nothing is lost in these formats",
  "export.losses.reading": "Looking at what each format can hold",
  "export.nothing": "Choose a format",
  "export.noItems": "No items to export",
  "export.started": "Export started",
  "export.format.csv": "CSV",
  "export.format.json": "JSON bundle",
  "export.format.coco": "COCO",
  "export.format.voc": "Pascal VOC",
  "export.format.yolo": "YOLO",
  "export.format.maps": "Maps, NumPy",
  "export.format.maps-png": "Maps, 16-bit PNG",
  "export.format.lists": "Keep, exclude, relabel",
  "export.format.dicom": "DICOM objects",
  "export.holds.csv":
    "Nine tables: items, predictions, metrics, verdicts, regions, tests, findings, runs, record",
  "export.holds.json": "The same in one file, for programs",
  "export.holds.coco":
    "Boxes, outlines and run lengths; verdicts, reasons and findings beside them",
  "export.holds.voc": "An XML file of boxes for each item",
  "export.holds.yolo": "A text file of boxes or outlines for each item",
  "export.holds.maps": "Raw values of the last run, float32",
  "export.holds.maps-png": "The last run's maps as grey pictures, with the range of each",
  "export.holds.lists": "Every item in one of three lists, by faults and findings",
  "export.holds.dicom":
    "Structured reports, maps, regions and key images in the studies of the sources, without names",
  "export.loss.dicom-references":
    "Identifiers are replaced: references resolve elsewhere only where copies of the sources are enclosed",
  "export.loss.dicom-none": {
    one: "{n} item is no DICOM with a study: no object is written for it",
    other: "{n} items are no DICOM with a study: no object is written for them",
  },
  "export.loss.names":
    "File names are replaced by item numbers: other programs cannot match them with pictures",
  "export.loss.whole": "{format} always holds the whole audit, not a choice of items",
  "export.loss.frames": {
    one: "{n} item is one frame of a file: its name says which, but other programs may not read it",
    other:
      "{n} items are frames of files: their names say which, but other programs may not read them",
  },
  "export.loss.coco-ellipses": {
    one: "COCO cannot hold ellipses: {n} becomes an outline of {corners} corners",
    other: "COCO cannot hold ellipses: {n} become outlines of {corners} corners",
  },
  "export.loss.coco-holes": {
    one: "COCO outlines cannot hold holes: {n} becomes run lengths of whole pixels",
    other: "COCO outlines cannot hold holes: {n} become run lengths of whole pixels",
  },
  "export.loss.voc-ellipses": {
    one: "VOC cannot hold ellipses: {n} becomes a box",
    other: "VOC cannot hold ellipses: {n} become boxes",
  },
  "export.loss.voc-outlines": {
    one: "VOC cannot hold outlines: {n} becomes a box",
    other: "VOC cannot hold outlines: {n} become boxes",
  },
  "export.loss.voc-pixels": "VOC boxes are whole pixels: edges move outwards by less than one",
  "export.loss.yolo-ellipses": {
    one: "YOLO cannot hold ellipses: {n} becomes a box",
    other: "YOLO cannot hold ellipses: {n} become boxes",
  },
  "export.loss.yolo-holes": {
    one: "YOLO cannot hold holes: {n} outline is filled",
    other: "YOLO cannot hold holes: {n} outlines are filled",
  },
  "export.loss.verdicts": {
    one: "{format} has no place for verdicts: that of {n} item is left out",
    other: "{format} has no place for verdicts: those of {n} items are left out",
  },
  "export.loss.outside": {
    one: "{n} region lies outside its picture and is left out",
    other: "{n} regions lie outside their pictures and are left out",
  },
  "export.loss.no-size": {
    one: "{n} region is left out: the size of its picture is not known",
    other: "{n} regions are left out: the sizes of their pictures are not known",
  },
  "export.loss.maps-rounded": "16-bit pictures hold 65,536 steps of each map's own range",
  "export.loss.no-map": {
    one: "{n} item has no map in run {run}",
    other: "{n} items have no map in run {run}",
  },
  "export.loss.no-run": "There is no run, so there are no maps",
  "export.list.keep":
    "Keep: every item that is neither excluded nor to be relabelled, judged or not",
  "export.list.exclude":
    "Exclude: unreadable or missing files; faults duplicate, unreadable, identity; items of open or accepted findings that advise removal",
  "export.list.relabel":
    "Relabel: faults wrong label, wrong class; items of open or accepted findings that advise relabelling",
  "export.list.count": { one: "{n} item", other: "{n} items" },
  "export.job": "Export: {formats}",
} satisfies Record<string, Message>;
