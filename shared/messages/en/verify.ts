import type { Message } from "../catalogue.ts";

/** English: what Verify says of a folder. */
export const verify = {
  "verify.title": "Verify",
  "verify.audit": "Verify this audit",
  "verify.folder": "Verify a folder…",
  "verify.again": "Verify again",
  "verify.hint":
    "Any audit folder or report built for signing. It is only read, and no file is made.",
  "verify.checking": "Checking {checked} of {planned}",
  "verify.starting": "Reading the folder",
  "verify.close": "Close",
  "verify.placeTitle": "Verify a folder",
  "verify.problems": { one: "{n} difference", other: "{n} differences" },
  "verify.checked": {
    one: "{shown} entry and file checked",
    other: "{shown} entries and files checked",
  },
  "verify.revision": "Revision {no}",

  "verify.signer": "{name} on {date}",
  "verify.and": "{some} and {last}",
  "verify.headline.unchanged": "Unchanged since signed by {signers}",
  "verify.headline.unconfirmed":
    "Nothing differs, but no key that signed is known on this computer: compare fingerprints with the signed page ({signers})",
  "verify.headline.unsigned": "Nothing differs from what was built; nobody has signed it",
  "verify.headline.plain": "The record and the files are as they were written; nothing is signed",
  "verify.headline.broken": {
    one: "Broken: {n} difference from what was signed by {signers}",
    other: "Broken: {n} differences from what was signed by {signers}",
  },
  "verify.headline.changed": {
    one: "{n} difference from what was written",
    other: "{n} differences from what was written",
  },

  "verify.file.changed":
    "{name} differs from what {signers} signed. The signed copy was {was} bytes; this one is {is}. SHA-256 was {wasHash}, is {isHash}",
  "verify.file.changed-same-size":
    "{name} differs from what {signers} signed. Both are {is} bytes. SHA-256 was {wasHash}, is {isHash}",
  "verify.file.changed-unsigned":
    "{name} differs from what was built: {was} bytes then, {is} bytes now. SHA-256 was {wasHash}, is {isHash}",
  "verify.file.missing": "{name} is not there; the signed copy was {was} bytes",
  "verify.file.missing-unsigned": "{name} is not there; it was {was} bytes when it was built",
  "verify.file.unknown": "{name} ({is} bytes) was added: it is in no list that was signed",
  "verify.file.link": "{name} is a link or something else that is no file",
  "verify.manifest.missing": "manifest.json is not there",
  "verify.manifest.unreadable": "manifest.json cannot be read: {is} bytes that are no manifest",
  "verify.manifest.other": "manifest.json is not the one that the record names",
  "verify.manifest.audit": "manifest.json belongs to another audit or revision than the folder",
  "verify.content.unreadable": "content.json cannot be read",
  "verify.content.file": "content.json and manifest.json disagree on {name}",
  "verify.content.lacks": "content.json does not list {name}, which the manifest does",
  "verify.content.record":
    "content.json names entry {no} of the record with another hash than the record has",
  "verify.log.line": "record.log, line {no}: {why}",
  "verify.log.unreadable": "it cannot be read",
  "verify.log.ends": "record.log ends at entry {is}; the revision was locked at entry {was}",
  "verify.log.other": "The record in the bundle is not the beginning of the audit’s record",
  "verify.store": "The audit’s store cannot be read: {why}",
  "verify.bundle.missing":
    "The folder of revision {no} is not there, though the record says that it was built",
  "verify.bundle.unrecorded": "The folder {name} is a revision that the record knows nothing of",
  "verify.signature.genuine":
    "The signature of {name} on {date} is genuine (key {fingerprint}); what it covers is no longer what was signed",
  "verify.note.signature-page": "signatures.pdf is a print for reading; no signature covers it",
} satisfies Record<string, Message>;
