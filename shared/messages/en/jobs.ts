import type { Message } from "../catalogue.ts";

/** English: titles of jobs, and what they note in an audit. */
export const jobs = {
  "jobs.run.title": "Run {no}, {method}",
  "jobs.report.title": "Report",
  "jobs.queue.suspects": "Suspects {n}, run {run}",
  "jobs.queue.random": "Random sample",
  "jobs.note.preparation.proven":
    "Preparation {preset}: {right} of {n} labelled images right, the best of the presets that fit",
  "jobs.note.preparation.chosen":
    "Preparation {preset}, as chosen: {right} of {n} labelled images right",
  "jobs.note.preparation.unproven":
    "Preparation {preset}, unproven: there are no labelled images to test it on",
  "jobs.classes.guessed": "the guessed class names",
  "jobs.explain.title": "{method}, target {target}",
  "jobs.note.repaired":
    "The audit's store was damaged. It was repaired from {copy} and {replayed} later record entries; the damaged files are kept in {kept}",
  "jobs.fact.file": "File",
  "jobs.fact.size": "Size",
  "jobs.fact.split": "Split",
  "jobs.fact.group": "Patient or group",
  "jobs.action.verdict": "Verdict",
  "jobs.action.cleared": "Verdict withdrawn",
  "jobs.action.reasons": "Reasons",
  "jobs.action.certainty": "Certainty",
  "jobs.action.comment": "Comment",
  "jobs.action.fault": "Data fault",
  "jobs.action.discuss": "Discussion mark",
  "jobs.action.region-added": "Region added",
  "jobs.action.region-changed": "Region changed",
  "jobs.action.region-removed": "Region removed",
  "jobs.action.queue": "Queue",
  "jobs.action.text": "Report text",
  "jobs.action.undo": "Undo",
  "jobs.action.redo": "Redo",
  "jobs.action.undone": "{what}, undone",
  "jobs.action.redone": "{what}, done again",
  "jobs.verify.record": "Record entry {no}: {why}",
  "jobs.verify.number": "its number does not follow the one before",
  "jobs.verify.hash": "its content differs from its hash",
  "jobs.verify.chain": "it does not carry the hash of the one before",
  "jobs.verify.log-differs": "record.log has another line",
  "jobs.verify.log-missing": "record.log lacks it",
  "jobs.verify.log-longer": "record.log goes on after the last entry",
  "jobs.verify.file-changed": "{name} differs from its hash: {was} bytes then, {is} bytes now",
  "jobs.verify.file-missing": "{name} is not there",
  "jobs.verify.file-unknown": "{name} is in no manifest",
} satisfies Record<string, Message>;
