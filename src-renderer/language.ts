import { speak } from "../shared/messages/catalogue.ts";

/** Tests look at the window in a language that shows what is not from the catalogues; there is no setting for it. */
if (localStorage.getItem("hansight.language") === "pseudo") speak("pseudo");
