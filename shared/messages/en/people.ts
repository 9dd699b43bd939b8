import type { Message } from "../catalogue.ts";

/** English: people: signing in, the lock screen, passphrases, and the people page of Settings. */
export const people = {
  "people.role": "Role",
  "people.role.reviewer": "Reviewer",
  "people.role.lead": "Lead",
  "people.role.viewer": "Viewer",
  "people.role.reviewer.hint": "Judges, marks regions, writes comments and findings",
  "people.role.lead.hint":
    "The same, and freezes plans, accepts checks, gives roles and signs revisions",
  "people.role.viewer.hint": "Looks, and changes nothing",
  "people.role.joining": "Whoever comes first to an audit leads it, unless as a viewer",

  "people.passphrase": "Passphrase",
  "people.passphrase.again": "Passphrase again",
  "people.passphrase.now": "Passphrase now",
  "people.passphrase.new": "New passphrase",
  "people.passphrase.why":
    "The passphrase protects signing and locking. Nobody can recover it, so keep it where you find it again.",
  "people.passphrase.later":
    "You may leave it empty and set it later: reviewing works, signing asks for it.",
  "people.passphrase.weak":
    "Easy to guess. Four or more words in a row are easier to keep in mind and harder to guess",
  "people.passphrase.differ": "The two are not the same",
  "people.passphrase.empty": "Type a passphrase",
  "people.passphrase.set": "Set a passphrase",
  "people.passphrase.change": "Change the passphrase",
  "people.passphrase.save": "Save",
  "people.passphrase.saved": "The passphrase is set. Your window locks when you are away",
  "people.passphrase.old":
    "A copy of your key that was made before keeps the passphrase it had then.",

  "people.signIn.title": "Who is working?",
  "people.signIn.list": "People on this computer",
  "people.signIn.open": "Sign in",
  "people.signIn.add": "Add a person…",
  "people.signIn.take": "Bring in a key…",
  "people.signIn.none": "no passphrase",
  "people.signIn.back": "Back to the list",

  "people.lock.title": "Locked",
  "people.lock.idle": "Nobody was here for a while. Everything is kept as it was.",
  "people.lock.asked": "Everything is kept as it was.",
  "people.lock.open": "Unlock",
  "people.lock.other": "Sign in as somebody else",

  "people.menu": "{initials}, {name}: person",
  "people.menu.rename": "Change name or initials…",
  "people.menu.lock": "Lock",
  "people.menu.signOut": "Sign out",
  "people.menu.copyKey": "Copy my key…",
  "people.menu.settings": "Settings",
  "people.menu.needsPassphrase": "Set a passphrase first",
  "people.command.lock": "Lock the window",
  "people.command.signOut": "Sign out",
  "people.command.passphrase": "Set or change my passphrase",
  "people.command.copyKey": "Copy my key to a file",
  "people.command.settings": "Settings",
  "people.copied":
    "Your key was saved as {file}, locked as it is here. Bring it to another computer and choose “Bring in a key”",

  "people.take.title": "Bring in a key",
  "people.take.why":
    "On the other computer choose “Copy my key”. The file holds your name and your key, locked by the passphrase you had there.",
  "people.take.file": "Key file",
  "people.take.choose": "Choose a file…",
  "people.take.none": "No file chosen",
  "people.take.save": "Bring in",
  "people.take.done": "{name} can now work and sign on this computer",

  "people.page.title": "People",
  "people.page.about": "Who works on this computer. Nothing of it leaves the computer by itself.",
  "people.page.table": "People on this computer",
  "people.page.name": "Name",
  "people.page.joins": "Joins audits as",
  "people.page.key": "Key",
  "people.page.me": "signed in here",
  "people.page.noKey": "none yet",
  "people.page.keyFault": "cannot be used",
  "people.page.fingerprint": "Fingerprint {fingerprint}",
  "people.page.add": "Add a person",
  "people.page.added": "{name} was added",
  "people.page.lock": "Lock after idle",
  "people.page.lock.unit": "minutes without a key or a pointer, 5 to 60",
  "people.page.lock.default": "Usual: {n}",
  "people.page.lock.off": "Without a passphrase nothing locks.",
  "people.page.lock.fault": "A whole number from 5 to 60",

  "people.audit.title": "In “{name}”",
  "people.audit.about":
    "Roles are entries of the audit's record. Only a lead changes them, and each change stays readable.",
  "people.audit.table": "People in this audit",
  "people.audit.roleOf": "Role of {name}",
  "people.audit.add": "Let somebody join",
  "people.audit.addAs": "Let {name} join as {role}",
  "people.audit.none": "Everybody on this computer has joined",
  "people.audit.changed": "{name} is {role} now",
  "people.audit.joined": "{name} has joined",
  "people.audit.notLead": "You are {role} here: a lead changes roles",
  "people.audit.notYet": "You have not joined yet: you do with your first judgement",

  "people.cli.as":
    "name or id of the person to work as; their passphrase, if any, is asked for. Usual: who worked here last",
} satisfies Record<string, Message>;
