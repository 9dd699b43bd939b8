import { readFileSync } from "node:fs";
import { message } from "../../shared/messages/catalogue.ts";
import { fail } from "../../shared/errors/app-error.ts";

/**
 * A passphrase, never from an argument: from the first line of an open file descriptor, else typed unseen at the terminal.
 * Fails with `people/passphrase-needed` where there is neither.
 */
export async function askPassphrase(name: string, descriptor: number | null): Promise<string> {
  if (descriptor !== null) {
    try {
      return firstLine(readFileSync(descriptor, "utf8"));
    } catch (cause) {
      return fail("people/passphrase-needed", { name }, { cause });
    }
  }
  if (!process.stdin.isTTY) return fail("people/passphrase-needed", { name });
  process.stderr.write(message("cli.sign.passphrase", { name }));
  try {
    return await typedUnseen(process.stdin);
  } finally {
    process.stderr.write("\n");
  }
}

function firstLine(text: string): string {
  return text.split(/\r?\n/, 1)[0] ?? "";
}

/** Letters up to Enter; backspace takes one back, Ctrl-C ends the process as it would anywhere. */
function typedUnseen(terminal: NodeJS.ReadStream): Promise<string> {
  terminal.setRawMode(true);
  terminal.setEncoding("utf8");
  terminal.resume();
  let typed = "";
  return new Promise((resolve) => {
    const onData = (text: string) => {
      for (const letter of text) {
        if (letter === "\u0003") process.kill(process.pid, "SIGINT");
        else if (letter === "\r" || letter === "\n" || letter === "\u0004") {
          terminal.off("data", onData);
          terminal.setRawMode(false);
          terminal.pause();
          resolve(typed);
          return;
        } else if (letter === "\u007f" || letter === "\b") typed = typed.slice(0, -1);
        else typed += letter;
      }
    };
    terminal.on("data", onData);
  });
}
