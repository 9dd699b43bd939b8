export const themes = ["system", "light", "dark", "reading", "contrast"] as const;
export type ThemeChoice = (typeof themes)[number];

const KEY = "hansight.theme";

/** Which of the four themes is worn: the one chosen, or what the system asks for. Kept on this computer. */
export class Theme {
  choice = $state<ThemeChoice>(themes.find((t) => t === localStorage.getItem(KEY)) ?? "system");
  #isDark = $state(false);
  #wantsContrast = $state(false);
  readonly worn = $derived(
    this.choice !== "system"
      ? this.choice
      : this.#wantsContrast
        ? "contrast"
        : this.#isDark
          ? "dark"
          : "light",
  );

  constructor() {
    $effect(() => {
      const dark = matchMedia("(prefers-color-scheme: dark)");
      const contrast = matchMedia("(prefers-contrast: more)");
      const read = () => {
        this.#isDark = dark.matches;
        this.#wantsContrast = contrast.matches;
      };
      read();
      dark.addEventListener("change", read);
      contrast.addEventListener("change", read);
      return () => {
        dark.removeEventListener("change", read);
        contrast.removeEventListener("change", read);
      };
    });
    $effect.pre(() => {
      document.documentElement.dataset["theme"] = this.worn;
    });
  }

  choose(choice: ThemeChoice): void {
    this.choice = choice;
    localStorage.setItem(KEY, choice);
  }
}
