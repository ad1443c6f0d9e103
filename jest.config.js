export default {
  testEnvironment: "node",
  testMatch: ["<rootDir>/test/**/*.test.ts"],
  extensionsToTreatAsEsm: [".ts"],
  transform: { "\\.ts$": "<rootDir>/test/strip-types.cjs" },
  collectCoverageFrom: ["src/**/*.ts", "!src/all.ts", "!src/actions/*/{index,post}.ts"],
  coverageProvider: "v8",
};
