import { reasons as reasonKeys, verdicts, type Reason } from "../../../shared/domain/review.ts";
import { message } from "../../../shared/messages/catalogue.ts";
import type { AppCommand } from "../frame/commands.svelte.ts";
import type { MeetingInSession } from "./meeting-state.svelte.ts";

/** What the screen does for its commands. */
export interface MeetingHands {
  note(): void;
  secondWindow(): void;
  map(): void;
  /** Esc: out of the reasons, else out of the meeting. */
  back(): void;
  closeReasons(): void;
}

/** The commands of a meeting; while reasons are asked for, letters and Enter are theirs. */
export function meetingCommands(
  session: MeetingInSession,
  hands: MeetingHands,
  asksReasons: boolean,
): AppCommand[] {
  const group = message("meeting.group");
  const noItem = session.item === null ? message("meeting.finished") : null;
  const command = (
    id: string,
    title: string,
    keys: readonly string[],
    run: () => void,
    more: Partial<AppCommand> = {},
  ): AppCommand => ({ id: `meeting-${id}`, group, title, keys, run, off: noItem, ...more });
  const unlisted = { kind: "unlisted" } as const;
  return [
    command("next", message("meeting.key.next"), ["→"], () => session.go(session.at + 1)),
    command("previous", message("meeting.key.previous"), ["←"], () => session.go(session.at - 1)),
    ...verdicts.map((verdict, at) =>
      command(
        `verdict-${verdict}`,
        message("meeting.key.verdict", { verdict: message(`verdict.${verdict}`) }),
        [String(at + 1)],
        () => session.decide(verdict),
      ),
    ),
    command("clear", message("meeting.key.clear"), ["0"], () => session.clear()),
    command("dissent", message("meeting.key.dissent"), ["↑"], () => session.dissent(1)),
    command("dissent-less", "", ["↓"], () => session.dissent(-1), unlisted),
    command("note", message("meeting.key.note"), ["C"], hands.note),
    command("said", message("meeting.key.said"), ["S"], () =>
      session.showSaid(!session.isSaidShown),
    ),
    command("map", message("meeting.key.map"), ["H"], hands.map),
    command("window", message("meeting.key.window"), [], hands.secondWindow, { off: null }),
    command("leave", message("meeting.key.leave"), ["Esc"], hands.back, { off: null }),
    ...(asksReasons
      ? [
          ...Object.entries(reasonKeys).map(([letter, reason]) =>
            command(
              `reason-${reason}`,
              message("review.key.reason", { reason: message(`reason.${reason}`) }),
              [letter],
              () => session.toggleReason(reason as Reason), // sound: the values of a const object
            ),
          ),
          command("reasons-done", message("review.key.reasonDone"), ["Enter"], hands.closeReasons),
        ]
      : []),
  ];
}
