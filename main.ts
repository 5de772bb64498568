import { Band } from "band/band";
import parts from "host";

/** The band lives as long as the host has power. */
export const band = new Band(parts);
