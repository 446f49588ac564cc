import SigV4
import Testing

struct SigningTimeTests {
  @Test(arguments: [
    (0, "19700101T000000Z"), (-1, "19691231T235959Z"), (951_782_400, "20000229T000000Z"),
    (1_440_938_160, "20150830T123600Z"), (1_709_251_199, "20240229T235959Z"),
    (1_709_251_200, "20240301T000000Z"), (4_107_542_399, "21000228T235959Z"),
    (4_107_542_400, "21000301T000000Z"), (4_133_980_799, "21001231T235959Z"),
    (-2_203_891_200, "19000301T000000Z"), (253_402_300_799, "99991231T235959Z"),
    (-62_167_219_200, "00000101T000000Z"),
  ])
  func secondsAndTextAreTheSameTime(unixSeconds: Int64, text: String) {
    #expect(SigningTime(unixSeconds: unixSeconds).amzDate == text)
    #expect(SigningTime(text)?.unixSeconds == unixSeconds)
    #expect(SigningTime(unixSeconds: unixSeconds).dateStamp == String(text.prefix(8)))
  }

  @Test func everyDayOfEightCenturiesSurvivesTheRoundTrip() {
    for day in Int64(-146_097)...146_097 {
      let time = SigningTime(unixSeconds: day * 86_400 + 86_399)
      if SigningTime(time.amzDate) != time { Issue.record("\(time.amzDate)") }
    }
  }

  @Test(arguments: [
    "2015-08-30T12:36:00Z", "2015-08-30T12:36:00.999Z", "2015-08-30T14:36:00+02:00",
    "2015-08-30T04:36:00-08:00", "2015-08-31T00:06:00.5+11:30", "2015-08-30T12:36:00+00:00",
  ])
  func internetTimesAreReadWithTheirOffset(text: String) {
    #expect(SigningTime(rfc3339: text)?.amzDate == "20150830T123600Z")
  }

  @Test(arguments: [
    "", "2015-08-30", "2015-08-30T12:36:00", "2015-08-30 12:36:00Z", "2015/08/30T12:36:00Z",
    "2015-02-30T12:36:00Z", "2015-08-30T12:36:00+2:00", "2015-08-30T12:36:00Zulu",
    "2015-08-30T12:36:00+24:00", "1440938160", "20150830T123600Z----",
  ])
  func whatIsNoInternetTimeIsNotRead(text: String) {
    #expect(SigningTime(rfc3339: text) == nil)
  }

  @Test func timesOutsideTheCalendarAreMovedInside() {
    #expect(SigningTime(unixSeconds: .max).amzDate == "99991231T235959Z")
    #expect(SigningTime(unixSeconds: .min).amzDate == "00000101T000000Z")
  }

  @Test(arguments: [
    "", "Z", "20150830", "20150830T123600", "20150830T123600z", "20150830t123600Z",
    "2015-08-30T12:36:00Z", "20150830T123600ZZ", " 20150830T123600Z", "20150830T12360 Z",
    "-0150830T123600Z", "+2150830T123600Z", "20151330T123600Z", "20150030T123600Z",
    "20150800T123600Z", "20150832T123600Z", "20150431T000000Z", "20150229T000000Z",
    "21000229T000000Z", "19000229T000000Z", "20150830T240000Z", "20150830T126000Z",
    "20150830T123660Z", "２015830T123600Z", "2015083\u{0}T123600Z",
  ])
  func garbageIsNoTime(text: String) {
    #expect(SigningTime(text) == nil)
  }
}
