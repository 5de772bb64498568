// `node --import ./scripts/names.mjs …`: firmware modules can be imported by their manifest names.
import { register } from "node:module";

register("./names-hooks.mjs", import.meta.url);
