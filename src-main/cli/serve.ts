import { Command } from "commander";
import { message } from "../../shared/messages/catalogue.ts";
import { serveHttp } from "../hosts/http/host.ts";
import { start } from "../start.ts";
import { ensureWindow } from "./window-build.ts";
import { addDevice, addJson, examples, portNumber } from "./options.ts";
import { Terminal } from "./terminal.ts";

export interface ServeFlags {
  readonly port?: number;
  readonly allow?: readonly string[];
  readonly json?: boolean;
}

/** `hansight serve [X.hansight]`: the app on 127.0.0.1 until Ctrl-C. */
export function serveCommand(): Command {
  const command = new Command("serve")
    .description(message("cli.serve.about"))
    .argument("[audit]")
    .option("--port <n>", message("cli.option.port"), portNumber)
    .option("--allow <folder...>", message("cli.option.allow"));
  addJson(addDevice(command));
  examples(command, ["hansight serve", "hansight serve chest.hansight --port 4270 --allow /data"]);
  return command.action((audit: string | undefined, flags: ServeFlags) => serve(audit, flags));
}

/** Serves until the process is told to end; resolves then. */
export async function serve(audit: string | undefined, flags: ServeFlags): Promise<void> {
  const terminal = new Terminal(Boolean(flags.json));
  ensureWindow();
  const hansight = await start({ allow: flags.allow ?? [], startAudit: audit });
  try {
    const host = await serveHttp(hansight.windowApp, { port: flags.port ?? 0 });
    terminal.say("cli.serving", { address: host.address });
    terminal.say("cli.serving.only-here");
    terminal.json({ address: host.address });
    await new Promise<void>((resolve) => {
      process.once("SIGINT", resolve);
      process.once("SIGTERM", resolve);
    });
    await host.close();
  } finally {
    await hansight.close();
  }
}
