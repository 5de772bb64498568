/**
 * A table and all it holds, made constant: such a table lies in the device's flash and costs no RAM. XS freezes deeply when
 * asked to; other engines freeze the outermost object only, which is why types say `readonly` as well.
 */
export function frozen<const T>(table: T): T {
  return Object.freeze(table, true) as T; // Readonly<T>, which every table is declared as anyway
}
