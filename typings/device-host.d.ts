// What mcconfig gives to the ESP32's host besides the SDK's modules.

/** The board that is built for: one of `hosts/esp32/boards`, chosen in `hosts/esp32/manifest.json`. */
declare module "board" {
  const board: import("../hosts/esp32/board").Board;
  export default board;
}

/** `config` of the manifests; `mcconfig … bandSerial=0042` on the command line overrides. */
declare module "mc/config" {
  const config: { readonly bandName: string; readonly bandSerial: string; readonly firmwareRevision: string };
  export default config;
}

/** XS freezes what an object holds too when `deep` is true; other engines ignore the argument. */
interface ObjectConstructor {
  freeze<T>(value: T, deep: true): Readonly<T>;
}
