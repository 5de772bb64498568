import { programCode, styleCode } from "band/codes";
import type { KeyValueStore } from "base/host-parts";
import type { GuideStyleName } from "haptics/styles";
import type { ProgramName } from "session/programs";
import { Settings } from "storage/settings";
import { SETTINGS, type SettingName } from "storage/settings-table";
import type { Flash } from "../board/flash.js";
import { DOMAIN } from "../io/bridge.js";

/** What a wearer sets with the phone before a run. */
export interface StoredSettings {
  /** What a short press starts. */
  readonly program?: ProgramName;
  readonly style?: GuideStyleName;
  /** Length of the paced breathing. */
  readonly sessionMs?: number;
}

/** Puts them into a flash that the firmware will read when it starts, in the firmware's own format. */
export function storeSettings(flash: Flash, { program, style, sessionMs }: StoredSettings): void {
  const outcome = settingsIn(flash).set({
    ...(program === undefined ? {} : { program: programCode(program) }),
    ...(style === undefined ? {} : { style: styleCode(style) }),
    ...(sessionMs === undefined ? {} : { sessionMs }),
  });
  if (!outcome.ok) throw new RangeError(`setting ${JSON.stringify(outcome)}`);
}

/** The settings that lie in a flash, as the firmware would read them. */
export function settingsIn(flash: Flash): Settings<SettingName> {
  const store: KeyValueStore = {
    read: (key) => {
      const bytes = flash.read(DOMAIN, key);
      return bytes === undefined ? undefined : new Uint8Array(bytes).buffer;
    },
    write: (key, value) => flash.write(DOMAIN, key, new Uint8Array(value)),
    delete: (key) => {
      flash.delete(DOMAIN, key);
    },
  };
  return new Settings(store, SETTINGS, { settingsReset: () => {} });
}
