import { availableParallelism } from "node:os";

export default {
  testEnvironment: "node",
  // Five seconds by itself: on a machine where others want all cores, tests that take one were seen to need more.
  testTimeout: 30_000,
  // One more than there are cores, as the longest tests mostly wait. By itself jest takes one less than there are.
  maxWorkers: availableParallelism() + 1,
  testMatch: ["<rootDir>/test/**/*.test.ts"],
  extensionsToTreatAsEsm: [".ts"],
  transform: { "\\.ts$": "<rootDir>/test/strip-types.cjs" },
  collectCoverageFrom: ["src/**/*.ts", "!src/all.ts", "!src/actions/*/{index,post,background}.ts"],
  coverageProvider: "v8",
};
