/** How this band is wired: GPIO numbers as on a XIAO ESP32S3 (hardware reference 4.1). */
export const enum Pin {
  Battery = 1,
  SensorInt = 2,
  Motor = 3,
  Button = 4,
  Led = 21,
}
