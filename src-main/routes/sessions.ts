import { randomBytes } from "node:crypto";
import { sessionHeader, sessionQuery } from "../../shared/contract/people.ts";
import type { ReaderId } from "../../shared/domain/ids.ts";

/** Who asks. */
export type Caller =
  /** This process itself: the command line, jobs, tests. It says for whom it writes. */
  | { readonly kind: "host" }
  /** A window whose person is signed in. */
  | { readonly kind: "reader"; readonly readerId: ReaderId; readonly token: string }
  /** The same behind its lock screen. */
  | { readonly kind: "locked"; readonly readerId: ReaderId; readonly token: string }
  /** A window before anybody signed in, or after this process was started anew. */
  | { readonly kind: "nobody" };

/** What every procedure is given beside its input. */
export interface CallContext {
  readonly caller: Caller;
}

/** The windows' sessions, in memory alone: they end with the process. */
export class Sessions {
  readonly #open = new Map<string, { readonly readerId: ReaderId; readonly isLocked: boolean }>();

  /** A token that nobody guesses, for the window of `readerId`. */
  begin(readerId: ReaderId): string {
    const token = randomBytes(24).toString("base64url");
    this.#open.set(token, { readerId, isLocked: false });
    return token;
  }

  end(token: string): void {
    this.#open.delete(token);
  }

  setLocked(token: string, isLocked: boolean): void {
    const session = this.#open.get(token);
    if (session) this.#open.set(token, { ...session, isLocked });
  }

  /** Who sent `request`; `unsigned` stands for one that names no session. */
  callerOf(request: Request, unsigned: Caller): Caller {
    const token =
      request.headers.get(sessionHeader) ?? new URL(request.url).searchParams.get(sessionQuery);
    if (token === null) return unsigned;
    const session = this.#open.get(token);
    if (!session) return { kind: "nobody" };
    const { readerId, isLocked } = session;
    return { kind: isLocked ? "locked" : "reader", readerId, token };
  }
}
