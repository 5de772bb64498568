/** Operations of the radio over the wall between firmware and board. Arguments and results in the comment, in order. */
export const enum RadioOp {
  Open = 200, //               (source, mtu or 0) → 0, or 1: this boot has a GATT server already
  Publish = 201, //            bytes: the database, see below → 0
  Advertisement = 202, //      bytes: a = 0 advert, 1 scan response; view = records → 0
  AdvertiseStart = 203, //     () → 1 on the air, 0 not: somebody is connected
  AdvertiseStop = 204, //      ()
  TakeEvent = 205, //          bytes: view to fill with the next event → its length, 0: none
  ReadReply = 206, //          bytes: view = value for the oldest read that waits
  WriteReply = 207, //         () the oldest write that waits has been delivered
  Notify = 208, //             bytes: a = connection << 8 | characteristic; queued, copied; completes by an event
  Mtu = 209, //                (connection) → negotiated MTU, 0: gone
  Disconnect = 210, //         (connection)
  Secure = 211, //             () the server has asked for bonding
  AllowPairing = 212, //       (0 or 1)
}

/**
 * Events to the firmware, one each time the board fires the radio's source. Bytes: type, connection u16, characteristic
 * u8, status u8, then up to 512 bytes of value. Numbers are little endian.
 */
export const enum RadioEvent {
  Ready = 1,
  Connected = 2,
  Disconnected = 3,
  /** Wants ReadReply before the handler returns. */
  Read = 4,
  /** With the value written. Wants WriteReply before the handler returns. */
  Write = 5,
  /** status: bit 0 notifications, bit 1 indications; 0 for neither. */
  Subscribe = 6,
  /** status: 0 sent, else NimBLE's error. */
  NotifyDone = 7,
}
export const enum EventLayout {
  Header = 5,
  ValueMax = 512,
}

/**
 * The database as bytes. Per service: UUID, u8 count, then per characteristic: UUID, u24 properties, u16 length of its
 * static value or `Dynamic`, the value. UUID: u8 length (2, 4 or 16), bytes little endian as on the air.
 * Characteristics are numbered from 0 through all services, in order.
 */
export const enum DatabaseLayout {
  Dynamic = 0xffff,
}
