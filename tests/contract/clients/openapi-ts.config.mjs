export default {
  input: "./openapi.json",
  output: { path: "./second", module: { extension: ".js" } },
  plugins: ["@hey-api/client-fetch", "@hey-api/sdk", "@hey-api/typescript"],
};
