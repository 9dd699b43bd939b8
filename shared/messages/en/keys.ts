import type { Message } from "../catalogue.ts";

/** English: readers' keys and signatures, as window, command line and signed page say them. */
export const keys = {
  "keys.meaning.authored": "authored",
  "keys.meaning.reviewed": "reviewed",
  "keys.meaning.approved": "approved",
  "keys.meaning.responsible": "responsible",

  "keys.source.computer": "key known on this computer",
  "keys.source.record": "key in the record only",
  "keys.source.nowhere": "key not in the record",

  "keys.state.unchanged": "Unchanged since signed by {name} on {date} (key {fingerprint})",
  "keys.state.unconfirmed":
    "Signed by {name} on {date} with key {fingerprint}, which is known from the record only: compare it with the fingerprint on the signed page",
  "keys.state.broken": "The signature of {name} is broken: {why}",
  "keys.state.broken-file": "Signature file {file} is broken: {why}",
  "keys.other-here":
    "This computer has another key for {name} ({fingerprint}): ask {name} whether the key was renewed",

  "keys.fault.unreadable": "it is not a signature",
  "keys.fault.unreadable-field": "its field {field} cannot be read",
  "keys.fault.rewritten": "the file has the same content in other bytes than were written",
  "keys.fault.signature": "what is written in the file is not what was signed with its key",
  "keys.fault.worthless-key": "its key fits whatever is signed, so it proves nothing",
  "keys.fault.changed": "{field} was “{was}” when it was signed and is “{is}” now",
  "keys.fault.audit": "it belongs to another audit",
  "keys.fault.revision": "it belongs to another revision",
  "keys.fault.manifest": "manifest.json is not the one that was signed",
  "keys.fault.record-number": "the record no longer reaches the entry that was signed",
  "keys.fault.record-hash": "the record up to the signed entry is not the one that was signed",
  "keys.fault.key-not-in-record": "its key is not in the record",
  "keys.fault.name": "the record names the holder of this key “{recorded}”",
  "keys.fault.role": "the record has the role “{recorded}” for this key",
  "keys.fault.duplicate": "it is a copy of {of} and counts once",
  "keys.fault.missing": "its file is gone, though the record says that it was signed",
} satisfies Record<string, Message>;
