import type { Message } from "../catalogue.ts";

/** English: the sentences of the printed report. They state what was measured and what was not, and claim nothing else. */
export const reportDocument = {
  "document.item": "Item {no}",
  "document.count": "{k} of {n}",
  "document.none-counted": "none counted",
  "document.not-stated": "not stated",
  "document.month.1": "January",
  "document.month.2": "February",
  "document.month.3": "March",
  "document.month.4": "April",
  "document.month.5": "May",
  "document.month.6": "June",
  "document.month.7": "July",
  "document.month.8": "August",
  "document.month.9": "September",
  "document.month.10": "October",
  "document.month.11": "November",
  "document.month.12": "December",

  "document.brand": "Hansight audit report",
  "document.description": "Audit of what an image classifier looks at",
  "document.draft": "DRAFT",
  "document.head.draft": "Draft",
  "document.foot.notice": "Not for diagnostic use",
  "document.foot.hash": "content {hash}",
  "document.page-of": "Page {page} of {pages}",
  "document.contents": "Contents",

  "document.quadrant.right-on": "right, on evidence",
  "document.quadrant.right-off": "right, elsewhere",
  "document.quadrant.wrong-on": "wrong, on evidence",
  "document.quadrant.wrong-off": "wrong, elsewhere",
  "document.quadrant.unplaced": "not placed",

  "document.cover.title": "Cover and result",
  "document.cover.subtitle": {
    one: "{model} on {n} image of {classes} classes",
    other: "{model} on {shown} images of {classes} classes",
  },
  "document.cover.images": { one: "{n} image", other: "{shown} images" },
  "document.cover.groups": {
    one: "{n} patient or group",
    other: "{shown} patients or groups",
  },
  "document.cover.classes": { one: "{n} class", other: "{n} classes" },
  "document.cover.headline": "Right for the wrong reason",
  "document.cover.sampled": "{fraction} sampled images",
  "document.cover.interval": "95\u202f% interval {interval}\u202f%, {method}",
  "document.cover.predicted": "of {n} images, predicted by the metrics, not judged",
  "document.cover.mixed":
    "of {n} images: {judged} judged, {predicted} predicted by the metrics and not judged",
  "document.cover.no-rate": "No rate: {cause}.",
  "document.cover.no-run": "No run yet",
  "document.cover.result": "Result",
  "document.cover.bar.sample": "Answer and focus, random sample, n = {n}",
  "document.cover.bar.all":
    "Answer and focus, all {n} images, predicted by the metrics where not judged",
  "document.cover.fact.audit": "Audit",
  "document.cover.fact.model": "Model",
  "document.cover.fact.purpose": "Purpose",
  "document.cover.fact.method": "Method",
  "document.cover.fact.sheet": "Reliability sheet",
  "document.cover.no-answers": "no run has answered the sample",
  "document.cover.early": "Early report: the plan is not read to its end. {why}",
  "document.cover.signer": "{meaning}; asked to sign",
  "document.cover.fact.plan": "Plan",
  "document.cover.fact.plan.value": "Plan {no}, frozen {date}",
  "document.cover.fact.sample": "Random sample",
  "document.cover.fact.sample.value": "{fraction} read, seed {seed}",
  "document.cover.fact.readers": "Readers",
  "document.cover.fact.no-readers": "nobody has judged yet",
  "document.cover.fact.written": "Written",
  "document.cover.picture": "{name}, called {predicted} with {confidence}. {summary}",
  "document.cover.picture.unlabelled": "{name}. {summary}",

  "document.result.accuracy":
    "The model answers {rate} of the labelled images correctly ({fraction}).",
  "document.result.no-labels":
    "No image has a label that the model knows, so whether an answer is right is not known.",
  "document.result.predicted": {
    one: "On {n} image it is right while most of the heat lies elsewhere than on the evidence: predicted by the metrics, not judged by a reader.",
    other:
      "On {shown} images it is right while most of the heat lies elsewhere than on the evidence: predicted by the metrics, not judged by a reader.",
  },
  "document.result.predicted.no-evidence": {
    one: "On {n} image it is right while the heat gathers at border, corner or text: predicted by the metrics, not judged by a reader, and weaker without evidence regions.",
    other:
      "On {shown} images it is right while the heat gathers at border, corner or text: predicted by the metrics, not judged by a reader, and weaker without evidence regions.",
  },
  "document.result.predicted.gated": {
    one: "On {n} image it is right while the metrics put the map elsewhere; since the reliability sheet did not pass, that is said of the map and not of the model.",
    other:
      "On {shown} images it is right while the metrics put the maps elsewhere; since the reliability sheet did not pass, that is said of the maps and not of the model.",
  },
  "document.result.sampled.gated":
    "In the random sample its maps were judged right for the wrong reason on {rate}; since the reliability sheet did not pass, that is said of the maps and not of the model.",
  "document.result.sampled": "In the random sample it is right for the wrong reason on {rate}.",
  "document.result.class": "Most of them, {fraction}, are given as {name}.",
  "document.result.reasons": "Reasons given there: {reasons}.",
  "document.result.reason": "{reason} on {n}",
  "document.result.not-read":
    "The random sample has not been read, so this report gives counts and no rates of right or wrong focus.",
  "document.result.no-rate":
    "There is no rate of right or wrong focus: {cause}. This report gives counts.",
  "document.result.no-run": "No run has been made yet: there are no answers and no maps to report.",

  "document.summary.title": "Summary",
  "document.summary.accuracy": "Accuracy",
  "document.summary.accuracy.value": "{rate}, Wilson",
  "document.summary.quadrants": "Answer and focus",
  "document.summary.suspects": "Most suspicious images",
  "document.summary.attention": "Attention order: images without labels by where the model looks",
  "document.summary.no-suspects": "No image has a suspicion score.",

  "document.quadrants.on": "Focus on evidence",
  "document.quadrants.off": "Focus elsewhere",
  "document.quadrants.right": "Answer right",
  "document.quadrants.wrong": "Answer wrong",
  "document.quadrants.split": "{judged} judged, {predicted} predicted",
  "document.quadrants.rate": "random sample {rate}",
  "document.quadrants.key.judged": "judged by a reader",
  "document.quadrants.key.predicted": "predicted by the metrics, not judged",
  "document.quadrants.each": {
    one: "Each square is one image.",
    other: "Each square is up to {n} images.",
  },
  "document.quadrants.below":
    "In none of the four: {unplaced} (unlabelled, mixed, unclear, map unreliable, weak map or no map). Sum {sum}. {each} {sample}",
  "document.sample.not-read": "Random sample not read yet ({fraction}).",
  "document.sample.read": "Random sample: {fraction} read.",
  "document.sample.none": "There is no random sample.",
  "document.quadrants.alt":
    "Two by two: {rightOn} right with focus on the evidence, {rightOff} right with focus elsewhere, {wrongOn} wrong with focus on the evidence, {wrongOff} wrong with focus elsewhere, {unplaced} not placed.",
  "document.bar.alt": "A bar in counted parts: {parts}.",

  "document.column.item": "Item",
  "document.column.item-given": "Item, given",
  "document.column.suspicion": "Suspicion",
  "document.column.why": "Why",
  "document.column.class": "Class",
  "document.column.items": "Items",
  "document.column.share": "Share",
  "document.column.evidence": "With evidence",
  "document.column.right": "Right",
  "document.column.inside": "Inside energy",
  "document.column.spurious": "Spurious",
  "document.column.rate": "Rate",
  "document.column.interval": "95\u202f%",
  "document.column.what": "What happened",
  "document.column.quadrant": "Answer and focus",
  "document.column.all": "All",
  "document.column.judged": "Judged",
  "document.column.metrics": "Predicted",
  "document.column.metric": "Measure",
  "document.column.n": "n",
  "document.column.median": "Median",
  "document.column.range": "10th to 90th",
  "document.column.reading": "Reading",
  "document.column.queue": "Queue",
  "document.column.rule": "How it was made",
  "document.column.read": "Read",
  "document.column.reader": "Reader",
  "document.column.verdicts": "Images judged",
  "document.column.verdict": "Verdict",
  "document.column.reason": "Reason",
  "document.column.count": "Images",
  "document.column.file": "File",
  "document.column.bytes": "Bytes",
  "document.column.hash": "SHA-256",

  "document.reading.title": "Review plan and readers",
  "document.reading.intro":
    "Rates come from the random sample alone. Images chosen by suspicion show that a problem exists, not how often.",
  "document.reading.rule.random": "random, seed {seed}; list {hash}",
  "document.reading.rule.second": "second reading of the random sample; list {hash}",
  "document.reading.rule.adjudication": "what two readers disagree on, settled by a third",
  "document.reading.rule.suspects": "the highest suspicion of run {run}",
  "document.reading.rule.filter": "filter: {words}",
  "document.reading.queues": "Queues",
  "document.reading.readers": "Readers",
  "document.reading.none": "Nobody has judged an image yet.",
  "document.reading.no-queues": "There are no queues yet.",
  "document.reading.single":
    "Every image was read by one reader at most: agreement of readers cannot be stated.",
  "document.reading.double": {
    one: "{n} image was judged by more than one reader; the newest verdict counts.",
    other: "{shown} images were judged by more than one reader; the newest verdict counts.",
  },

  "document.results.title": "Results",
  "document.results.accuracy": "Accuracy of the answers",
  "document.results.quadrants": "Answer and focus",
  "document.results.sum": "All images",
  "document.results.sample": "Rates, random sample",
  "document.results.sample.none": "No rates: {cause}.",
  "document.results.sample.no-queue": "There is no random sample: no rates.",
  "document.results.sample.some":
    "{fraction} read, from {plan}; estimates for {population} images. The last column names how each 95\u202f% interval was made.",
  "document.results.sample.part":
    "The sample is read in part: its rates hold for the images read so far, in the sample’s random order.",
  "document.results.classes": "By class given",
  "document.results.classes.note":
    "Right answers over all labelled images, Wilson 95\u202f% intervals. Inside energy: mean share of heat on the evidence, over the images that have both (n in brackets).",
  "document.results.verdicts": "Verdicts",
  "document.results.verdicts.note": "The newest verdict on each image that was judged.",
  "document.results.reasons": "Reasons given",
  "document.results.reasons.note":
    "Of images judged Spurious or Mixed; one image can have several.",
  "document.results.failed": {
    one: "{n} image failed in this run and has no map.",
    other: "{shown} images failed in this run and have no map.",
  },

  "document.cases.title": "Chosen cases",
  "document.cases.intro": {
    one: "{n} image, chosen because it was judged Spurious or stands highest by suspicion. Chosen images show that a problem exists, not how often.",
    other:
      "{shown} images, chosen because they were judged Spurious or stand highest by suspicion. Chosen images show that a problem exists, not how often.",
  },
  "document.cases.left-out": "Chosen, but no longer readable: {names}.",
  "document.cases.name": "Case {n}",
  "document.cases.caption":
    "{name}, given {given}, predicted {predicted}, confidence {confidence}.",
  "document.cases.caption.unlabelled":
    "{name}, no label, predicted {predicted}, confidence {confidence}.",
  "document.cases.caption.unanswered": "{name}.",
  "document.cases.judged": "{verdict} ({reader}).",
  "document.cases.judged.reasons": "{verdict} ({reader}): {reasons}.",
  "document.cases.comment": "“{text}”",
  "document.cases.not-judged": "Not judged.",
  "document.cases.image": "Image",
  "document.cases.map": "Map, {grid}, smooth",
  "document.cases.overlay": "Overlay, opacity {opacity}, threshold {threshold}",
  "document.cases.no-map": "no map",
  "document.cases.legend.high": "{high} raw, {scaling}",
  "document.cases.alt.image": "Image of {name}. {regions}",
  "document.cases.alt.regions": "Marked on it: {regions}.",
  "document.cases.alt.map": "Map of {name}. {summary}",
  "document.cases.alt.overlay": "Overlay of {name}. {summary}",
  "document.cases.alt.none": "No map of {name}.",
  "document.region.evidence": "evidence",
  "document.region.shortcut": "shortcut",
  "document.region.ignore": "ignored",
  "document.region.identity": "identity",

  "document.limits.title": "Limits",
  "document.limits.heat":
    "A heat map shows where the score depends on the input under one method. It is not proof of reasoning.",
  "document.limits.suspicion":
    "Items chosen by suspicion show that a problem exists, not how often.",
  "document.limits.cells":
    "Maps of {a} × {b} cells cannot locate structures smaller than one cell.",
  "document.limits.cells.unknown":
    "Maps of a × b cells cannot locate structures smaller than one cell.",
  "document.limits.predicted":
    "Predicted focus is a rule over metrics. It has not been judged by a person.",
  "document.limits.not-tested": "Not tested",
  "document.limits.not.randomisation":
    "Randomisation of the model’s weights: whether the maps change with the model.",
  "document.limits.not.data":
    "Shuffled labels: whether a model trained on them would give the same maps.",
  "document.limits.not.covering":
    "Covering of regions: whether a suspected shortcut changes the score.",
  "document.limits.not.readers": "Agreement of readers.",
  "document.limits.not.identity":
    "Identity in pixels or files: no picture in this report has been checked for it.",
  "document.limits.not.check":
    "The automatic data check: near copies, wrong labels, differences of capture.",
  "document.limits.not.second": "Agreement with a second method.",
  "document.limits.added": "Added by the authors",

  "document.settings.title": "Software and settings",
  "document.settings.software": "Software",
  "document.settings.hansight": "Hansight",
  "document.settings.node": "Node.js",
  "document.settings.runtime": "Runtime",
  "document.settings.platform": "Platform",
  "document.settings.run": "Run",
  "document.settings.id": "Run id",
  "document.settings.model": "Model SHA-256",
  "document.settings.method": "Method",
  "document.settings.layer": "Layer",
  "document.settings.other": "Further model {file}, output {output}",
  "document.settings.other.last": "of the class",
  "document.settings.target": "Target",
  "document.settings.seed": "Seed",
  "document.settings.started": "Started",
  "document.settings.ended": "Ended",
  "document.settings.device": "Device",
  "document.settings.range": "Raw values, 99th percentile",
  "document.settings.weak": "Weak under",
  "document.settings.view": "Pictures",
  "document.settings.view.value":
    "{colours}, {scaling} (raw {low} to {high}), opacity {opacity}, threshold {threshold}",
  "document.settings.dots": "Resolution of pictures",
  "document.settings.dots.value": "{dots} dots per inch",
  "document.settings.names": "File names",
  "document.settings.names.kept": "kept",
  "document.settings.names.left-out": "replaced by item numbers",
  "document.settings.runs": "All runs of this audit",
  "document.settings.glyphs":
    "Some characters of this report are in no typeface at hand and are printed as empty boxes; the CSV files and the JSON bundle hold them.",
  "document.column.run": "Run",
  "document.column.method": "Method",
  "document.column.layer": "Layer",
  "document.column.ok": "Mapped",
  "document.column.failed": "Failed",
  "document.column.ended": "Ended",

  "document.manifest.title": "Manifest of content",
  "document.manifest.intro":
    "The foot of every page carries the first 12 digits of the SHA-256 of content.json, which lists the files below and the last entry of the record that they were read at. manifest.json lists every file, this one included.",
  "document.manifest.content": "SHA-256 of content.json",
  "document.manifest.record": "Record entry",
  "document.manifest.record.hash": "Hash of that entry",
  "document.manifest.audit": "Audit id",
  "document.manifest.built": "Read at",
  "document.manifest.verify": "hansight verify re-hashes all of them and the record’s chain.",

  "document.number.class": "Spurious among {name}",
  "document.blocker.no-purpose":
    "The report has no purpose: say in one line what is audited and why",
  "document.blocker.no-evidence": "Finding “{title}” has no evidence: add an item or a region test",
  "document.blocker.identity":
    "{name} is marked as showing identity and stands on a plate without a mask",
  "document.blocker.plan-open":
    "The plan is not finished ({read} of {n} read): finish it, or say why this is an early report",
  "document.warning.second-under":
    "Second reading: {read} of {n} planned. The report says so beside agreement",
  "document.warning.weak-agreement":
    "Agreement is weak: {name} {value}, from {n} images. The report says so",
  "document.warning.model-changed":
    "The file of {name} is not the one that was run any more. The report says so",
  "document.blocker.no-items": "The audit holds no images",
  "document.blocker.no-run": "No run has finished an image, so there is nothing to report",
  "document.warning.sample-unread":
    "{name} not read: 0 of {n}. The report gives counts, and no rates of right or wrong focus",
  "document.warning.sample-part":
    "{name}: {read} of {n} read. The report says so beside every rate",
  "document.warning.unproven":
    "The preparation of {name} is not proven on labelled images. The report says so",
  "document.warning.failed-items": {
    one: "Run {no}: {n} image failed and has no map",
    other: "Run {no}: {n} images failed and have no map",
  },
  "document.warning.sheet-not-made":
    "Run {no}: its reliability sheet was not made, so whether its maps follow the model is not tested",
  "document.warning.sheet-failed":
    "Run {no}: its reliability sheet failed, and the report says of every result that it is said of the maps alone",
  "document.warning.sheet-undefined":
    "Run {no}: its reliability sheet is undefined, which the report words as failed",
  "document.warning.earlier-files": {
    one: "{n} image has verdicts for an earlier file: the file that lies there now is another",
    other: "{n} images have verdicts for an earlier file: the files that lie there now are others",
  },
  "document.warning.unreadable": {
    one: "{n} image could not be read",
    other: "{n} images could not be read",
  },
  "document.warning.no-evidence":
    "There are no evidence regions, so suspicion rests on border, corner and text heat alone",
  "document.warning.run-newer": "Run {no} ended after this report was built",
  "document.warning.changed": {
    one: "{n} entry of the record is newer than this report",
    other: "{n} entries of the record are newer than this report",
  },
} satisfies Record<string, Message>;
