/** The one name by which `main.ts` gets its hardware; each host's manifest maps it. */
declare module "host" {
  import type { HostParts } from "band/parts";

  const parts: HostParts;
  export default parts;
}
