export default {
  testEnvironment: "node",
  // Five seconds by itself: on a machine where others want all cores, tests that take one were seen to need more.
  testTimeout: 30_000,
  // By itself jest leaves one core idle: half of a small machine.
  maxWorkers: "100%",
  testMatch: ["<rootDir>/test/**/*.test.ts"],
  extensionsToTreatAsEsm: [".ts"],
  transform: { "\\.ts$": "<rootDir>/test/strip-types.cjs" },
  collectCoverageFrom: ["src/**/*.ts", "!src/all.ts", "!src/actions/*/{index,post,background}.ts"],
  coverageProvider: "v8",
};
