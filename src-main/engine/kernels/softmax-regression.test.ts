import { describe, expect, it } from "vitest";
import { seededNumbers } from "../../../test/support/toy-session.ts";
import { minimise } from "./lbfgs.ts";
import { fitSoftmax, softmaxLoss, type LabelledVectors } from "./softmax-regression.ts";

/** 40 seeded vectors of 3 values in 3 classes, each leaning to its class. */
function seededVectors(scale = 1): LabelledVectors {
  const values = seededNumbers(120, 5).map((value, i) => {
    const [n, channel] = [Math.floor(i / 3), i % 3];
    return scale * (value + (n % 3 === channel ? 1 : 0));
  });
  return {
    values,
    k: 3,
    labels: Array.from({ length: 40 }, (_, n) => n % 3),
    weights: Array.from({ length: 40 }, (_, n) => 1 + (n % 2)),
  };
}

const close = (actual: ArrayLike<number>, wanted: ArrayLike<number>, digits = 6) =>
  Array.from(wanted).forEach((value, i) => expect(actual[i]).toBeCloseTo(value, digits));

describe("the loss of one image with two labels, worked by hand", () => {
  // f₀ = (1, 0.125), f₁ = (1, 0.5), W″ = identity
  const image: LabelledVectors = {
    values: Float32Array.of(1, 0.125, 1, 0.5),
    k: 2,
    labels: [0, 1],
    weights: [0.5, 0.5],
  };
  const identity = [1, 0, 0, 1];

  it("is the mean over its labels", () => {
    const of = (n: number) => softmaxLoss({ ...image, weights: [1 - n, n] }, 2, identity);
    expect(of(0)).toBeCloseTo(0.348445, 6);
    expect(of(1)).toBeCloseTo(0.974077, 6);
    expect(softmaxLoss(image, 2, identity)).toBeCloseTo(0.661261, 6);
  });

  it("has the gradient of the page", () => {
    const gradient = new Float64Array(4);
    softmaxLoss(image, 2, identity, gradient);
    close(gradient, [0.164122, 0.137226, -0.164122, -0.137226]);
  });
});

describe("the gradient and the minimum", () => {
  const data = seededVectors();

  it("agrees with central differences", () => {
    const at = Float64Array.from(seededNumbers(9, 8));
    const gradient = new Float64Array(9);
    softmaxLoss(data, 3, at, gradient);
    const step = 1e-5;
    at.forEach((_, i) => {
      const [up, down] = [1, -1].map((sign) => {
        const moved = at.slice();
        moved[i] += sign * step;
        return softmaxLoss(data, 3, moved);
      });
      expect(gradient[i]).toBeCloseTo((up - down) / (2 * step), 8);
    });
  });

  it("does not depend on the start", () => {
    const zero = fitSoftmax(data, 3, 1e-3);
    const other = fitSoftmax(
      data,
      3,
      1e-3,
      Float64Array.from(seededNumbers(9, 2), (v) => 4 * v),
    );
    expect(Math.abs(zero.loss - other.loss)).toBeLessThan(1e-9);
    close(other.weights, zero.weights, 4);
  });

  it("keeps the sum over classes at 0 from zero on", () => {
    const { weights } = fitSoftmax(data, 3, 1e-4);
    const largest = Math.max(...weights.map(Math.abs));
    for (let i = 0; i < 3; i++)
      expect(Math.abs(weights[i] + weights[3 + i] + weights[6 + i])).toBeLessThan(1e-4 * largest);
  });

  it("one vector added to every row changes no loss", () => {
    const { weights } = fitSoftmax(data, 3, 1e-3);
    const shifted = weights.map((value, i) => value + [2, -1, 0.5][i % 3]);
    expect(softmaxLoss(data, 3, shifted)).toBeCloseTo(softmaxLoss(data, 3, weights), 10);
  });

  it("vectors t times as long give weights 1/t, with a penalty t² as strong", () => {
    const t = 3;
    const plain = fitSoftmax(data, 3, 1e-3).weights;
    const longer = fitSoftmax(seededVectors(t), 3, 1e-3 * t * t).weights;
    close(
      longer.map((value) => value * t),
      plain,
      4,
    );
  });

  it("of two classes is logistic regression on the difference of the rows", () => {
    const two: LabelledVectors = { ...data, labels: Array.from({ length: 40 }, (_, n) => n % 2) };
    const { weights } = fitSoftmax(two, 2, 1e-3);
    // σ((w₁ − w₀)·f): with rows ±w/2 the penalty (λ/2)|W|² is (λ/4)|w|²
    const logistic = minimise(new Float64Array(3), (w, gradient) => {
      let [loss, total] = [0, 0];
      gradient.fill(0);
      for (let n = 0; n < 40; n++) total += Number(two.weights[n]);
      for (let n = 0; n < 40; n++) {
        const f = two.values.subarray(3 * n, 3 * n + 3);
        const score = w[0] * f[0] + w[1] * f[1] + w[2] * f[2];
        const p = 1 / (1 + Math.exp(-score));
        const y = Number(two.labels[n]);
        loss -= (Number(two.weights[n]) / total) * Math.log(y ? p : 1 - p);
        for (let i = 0; i < 3; i++)
          gradient[i] += (Number(two.weights[n]) / total) * (p - y) * f[i];
      }
      for (let i = 0; i < 3; i++) {
        loss += (1e-3 / 4) * w[i] ** 2;
        gradient[i] += (1e-3 / 2) * w[i];
      }
      return loss;
    });
    close(
      [0, 1, 2].map((i) => weights[3 + i] - weights[i]),
      logistic.x,
      4,
    );
  });
});

describe("L-BFGS", () => {
  it("finds the minimum of a badly scaled quadratic", () => {
    const { x } = minimise(Float64Array.of(0, 0), ([a, b], gradient) => {
      gradient.set([2 * (a - 3), 2000 * (b + 1)]);
      return (a - 3) ** 2 + 1000 * (b + 1) ** 2;
    });
    close(x, [3, -1]);
  });
});
