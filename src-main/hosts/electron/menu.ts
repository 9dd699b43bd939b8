import type { MenuItemConstructorOptions } from "electron";
import { message } from "../../../shared/messages/catalogue.ts";

/** The system's own menu; every command of the product is in the window's palette. */
export function applicationMenu(
  platform: NodeJS.Platform = process.platform,
): MenuItemConstructorOptions[] {
  const own: MenuItemConstructorOptions[] = platform === "darwin" ? [{ role: "appMenu" }] : [];
  return [
    ...own,
    {
      label: message("desktop.menu.file"),
      submenu: [platform === "darwin" ? { role: "close" } : { role: "quit" }],
    },
    { role: "editMenu" },
    {
      label: message("desktop.menu.view"),
      submenu: [
        { role: "reload" },
        { type: "separator" },
        { role: "resetZoom" },
        { role: "zoomIn" },
        { role: "zoomOut" },
        { type: "separator" },
        { role: "togglefullscreen" },
      ],
    },
    { role: "windowMenu" },
  ];
}
