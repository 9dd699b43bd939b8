import type { Client } from "../../../shared/contract/client.ts";
import type { Person } from "../../../shared/contract/people.ts";
import type { ReaderId } from "../../../shared/domain/ids.ts";
import {
  idleLockMinutes,
  lockDueMs,
  nextLock,
  signedOut,
  type SessionEvent,
  type SessionLock,
} from "../../../shared/domain/session-lock.ts";
import { AppError } from "../../../shared/errors/app-error.ts";
import { keepSession, renewBy, sessionToken } from "../../session.ts";

const IDLE = "hansight.idle-lock-minutes";
/** Moves of a pointer count once in this time. */
const activityMs = 1_000;

/** Who works in this window, and whether the work is hidden: the window's end of `people`. */
export class Session {
  person = $state.raw<Person | null>(null);
  people = $state.raw<readonly Person[]>([]);
  /** Who signed in last on this computer: offered first. */
  last = $state.raw<ReaderId | null>(null);
  idleMinutes = $state(readMinutes());
  #lock = $state.raw<SessionLock>(signedOut);
  readonly isLocked = $derived(this.#lock.kind === "locked");
  readonly lockReason = $derived(this.#lock.kind === "locked" ? this.#lock.why : null);
  /** Whether something was signed since the lock last opened: the first signing asks for the name as well. */
  readonly hasSigned = $derived(this.#lock.kind === "open" && this.#lock.hasSigned);
  readonly #api: Client;
  #lastActivityMs = 0;

  constructor(api: Client) {
    this.#api = api;
    renewBy(() => this.#renew());
    $effect(() => {
      const due = lockDueMs(this.#lock, this.#idleMs);
      if (due === null) return;
      const timer = setTimeout(() => this.#take({ kind: "tick" }), Math.max(0, due - Date.now()));
      return () => clearTimeout(timer);
    });
    $effect(() => {
      const act = () => this.#activity();
      const wake = () => this.#take({ kind: "tick" });
      const kinds = ["pointerdown", "pointermove", "wheel", "keydown"] as const;
      for (const kind of kinds) addEventListener(kind, act, { capture: true, passive: true });
      document.addEventListener("visibilitychange", wake);
      return () => {
        for (const kind of kinds) removeEventListener(kind, act, { capture: true });
        document.removeEventListener("visibilitychange", wake);
      };
    });
  }

  get #idleMs(): number {
    return this.idleMinutes * 60_000;
  }

  /**
   * Takes up the session that a reload left; else signs in the only person there is, where nothing protects them. Says
   * what has to be asked: nothing, who is working, or who of several.
   */
  async start(): Promise<"open" | "welcome" | "choose"> {
    const left = sessionToken() === null ? null : await this.#api.people.session();
    await this.reloadPeople();
    if (left) {
      this.#opened(left.person);
      if (left.isLocked) this.#take({ kind: "lock" });
      return "open";
    }
    const [only] = this.people;
    if (only === undefined) return "welcome";
    if (this.people.length > 1 || only.hasPassphrase) return "choose";
    await this.signIn(only.id, null);
    return "open";
  }

  async reloadPeople(): Promise<void> {
    const { people, last } = await this.#api.people.list();
    this.people = people;
    this.last = last;
  }

  async signIn(readerId: ReaderId, passphrase: string | null): Promise<Person> {
    const { session, person } = await this.#api.people.signIn({ readerId, passphrase });
    keepSession(session);
    this.#opened(person);
    return person;
  }

  async signOut(): Promise<void> {
    await this.#api.people.signOut().catch(() => undefined); // a host that is away has forgotten it anyhow
    keepSession(null);
    this.person = null;
    this.#take({ kind: "sign-out" });
    await this.reloadPeople().catch(() => undefined); // what was known still serves
  }

  /** Hides the work now; nothing happens without a passphrase to open it again. */
  lock(): void {
    this.#take({ kind: "lock" });
  }

  async unlock(passphrase: string): Promise<void> {
    const { person } = this;
    if (person === null) return;
    try {
      await this.#api.people.unlock({ passphrase });
    } catch (cause) {
      if (!(cause instanceof AppError && cause.code === "people/signed-out")) throw cause;
      const { session } = await this.#api.people.signIn({ readerId: person.id, passphrase });
      keepSession(session);
    }
    this.#take({ kind: "unlock", readerId: person.id });
  }

  /** A signature was made in this session. */
  noteSigned(): void {
    this.#take({ kind: "signed" });
  }

  /** A first passphrase, or another one; from now on there is something to lock with. */
  async setPassphrase(before: string | null, after: string): Promise<void> {
    this.person = await this.#api.people.setPassphrase({ before, after });
    this.#take({ kind: "passphrase-set" });
    await this.reloadPeople();
  }

  async rename(named: { readonly name: string; readonly initials: string }): Promise<Person> {
    const person = await this.#api.people.rename(named);
    this.person = person;
    await this.reloadPeople();
    return person;
  }

  setIdleMinutes(minutes: number): void {
    const { least, most } = idleLockMinutes;
    this.idleMinutes = Math.min(most, Math.max(least, Math.round(minutes)));
    localStorage.setItem(IDLE, String(this.idleMinutes));
  }

  #opened(person: Person): void {
    this.person = person;
    const { id: readerId, hasPassphrase } = person;
    this.#take({ kind: "sign-in", readerId, hasPassphrase });
  }

  #activity(): void {
    const now = Date.now();
    if (Math.abs(now - this.#lastActivityMs) < activityMs) return;
    this.#lastActivityMs = now;
    this.#take({ kind: "activity" });
  }

  #take(event: SessionEvent): void {
    const before = this.#lock;
    const after = nextLock(before, event, Date.now(), this.#idleMs);
    if (after === before) return;
    this.#lock = after;
    if (after.kind === "locked" && before.kind === "open")
      void this.#api.people.lock().catch(() => undefined); // the work is hidden all the same
  }

  /** The host was started anew: whoever has no passphrase is signed in again, the others are asked. */
  async #renew(): Promise<boolean> {
    const { person } = this;
    if (person === null) return false;
    if (person.hasPassphrase) {
      this.#take({ kind: "lock" });
      return false;
    }
    const signedIn = await this.#api.people
      .signIn({ readerId: person.id, passphrase: null })
      .catch(() => null);
    if (signedIn) keepSession(signedIn.session);
    return signedIn !== null;
  }
}

function readMinutes(): number {
  const { least, usual, most } = idleLockMinutes;
  const kept = Number(localStorage.getItem(IDLE) ?? usual);
  return kept >= least && kept <= most ? kept : usual;
}
