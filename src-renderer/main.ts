import "./language.ts"; // before whatever says something
import "./theme.css";
import "./base.css";
import { mount } from "svelte";
import App from "./App.svelte";
import { handOverToken } from "./api.ts";

await handOverToken();
const target = document.getElementById("app");
if (target === null) throw new TypeError("index.html has no #app");
mount(App, { target });
