import { cpSync } from "node:fs";
import { join } from "node:path";
import { expect, test, type Page } from "@playwright/test";
import { serveHansight, type Served } from "../support/served.ts";
import { expectAccessible, keepPicture, nameYourself } from "./steps.ts";

let served: Served;

test.beforeEach(async ({ page }) => {
  served = await serveHansight({ withDemo: true });
  await page.goto(served.address);
  await nameYourself(page);
  await page.getByRole("link", { name: "Runs" }).click();
  await expect(form(page).getByLabel("Method", { exact: true })).toBeVisible();
});
test.afterEach(() => served.stop());

const form = (page: Page) => page.getByRole("complementary", { name: "New run" });
const rows = (page: Page) => page.getByRole("table").getByRole("row");

test("joins the maps of two layers in one run, which has no reliability sheet", async ({
  page,
}) => {
  await form(page).getByLabel("Method", { exact: true }).selectOption("layercam");
  await form(page).getByText("Join maps of further layers").click();
  const layers = form(page).getByRole("group", { name: "Join maps of further layers" });
  await layers.getByRole("checkbox").first().check();
  await form(page).getByLabel("How the layers join").selectOption("mean");
  await expect(form(page).getByRole("checkbox", { name: /Reliability sheet/ })).toBeDisabled();
  await expectAccessible(page);
  await keepPicture(page, "run-form-fused-light");
  await form(page).getByRole("button", { name: "Try 16 first" }).click();
  const row = rows(page).filter({ hasText: "LayerCAM" });
  await expect(row).toContainText("16 of 16", { timeout: 60_000 });
  await expect(row).toContainText("2 layers");
  await keepPicture(page, "runs-fused-light");
});

test("says what a method learns from, and leaves a class out", async ({ page }) => {
  await form(page).getByLabel("Method", { exact: true }).selectOption("recam");
  await form(page).getByText("Learns from 4 of 4 classes").click();
  await form(page).getByRole("checkbox", { name: "pneumothorax" }).uncheck();
  await expect(form(page).getByText("Learns from 3 of 4 classes")).toBeVisible();
  await form(page).getByLabel("How the learnt weights join").selectOption("product-signed");
  await expectAccessible(page);
  await keepPicture(page, "run-form-fit-light");
});

test("asks for the models that a method compares before it may start", async ({ page }) => {
  cpSync(
    join(import.meta.dirname, "../../assets/demo/chest-resnet.onnx"),
    join(served.folder, "rival.onnx"),
  );
  await form(page).getByLabel("Method", { exact: true }).selectOption("rcs-mlff-binary");
  const start = form(page).getByRole("button", { name: "Start run" });
  await expect(start).toHaveAttribute("aria-disabled", "true");
  await form(page).getByRole("button", { name: "Add a model…" }).click();
  const dialog = page.getByRole("dialog", { name: "Add a model…" });
  await dialog.getByRole("option", { name: /hansight-journey/ }).dblclick();
  await dialog.getByRole("option", { name: /rival\.onnx/ }).dblclick();
  await form(page)
    .getByLabel(/Output of .*rival\.onnx/)
    .fill("1");
  await expect(start).not.toHaveAttribute("aria-disabled", "true");
  await expectAccessible(page);
  await keepPicture(page, "run-form-models-light");
  await form(page)
    .getByRole("button", { name: /Remove .*rival\.onnx/ })
    .click();
  await expect(start).toHaveAttribute("aria-disabled", "true");
});
