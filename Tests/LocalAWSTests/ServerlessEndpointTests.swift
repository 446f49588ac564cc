import Foundation
import HTTPClient
import JSON
import LocalAWS
import TestSupport
import Testing

@Suite struct ServerlessEndpointTests {
  private func fixture(
    _ model: any InferenceModel = FixedReplyModel(json: "[[-1, 2]]"),
    _ change: (inout ServerlessEndpoint) -> Void = { _ in }
  ) throws -> LocalAWSFixture {
    var endpoint = ServerlessEndpoint()
    change(&endpoint)
    return try LocalAWSFixture(model: model) { $0.endpointKind = .serverless(endpoint) }
  }

  @Test func onlyTheFirstRequestOfAnEnvironmentIsCold() throws {
    let fixture = try fixture()
    for _ in 0..<3 { #expect(try fixture.invoke().status == 200) }
    let statistics = try #require(fixture.aws.serverlessStatistics)
    #expect(statistics.requestCount == 3)
    #expect(statistics.coldStartCount == 1)
    #expect(statistics.throttledCount == 0)
  }

  @Test func aColdStartTakesItsTime() throws {
    let fixture = try fixture { $0.coldStartMilliseconds = 150 }
    let start = DispatchTime.now().uptimeNanoseconds
    #expect(try fixture.invoke().status == 200)
    #expect(DispatchTime.now().uptimeNanoseconds - start >= 150_000_000)
  }

  @Test func aProvisionedEnvironmentIsWarm() throws {
    let fixture = try fixture { $0.provisionedConcurrency = 1 }
    #expect(try fixture.invoke().status == 200)
    #expect(fixture.aws.serverlessStatistics?.coldStartCount == 0)
  }

  @Test func aRequestAboveTheConcurrencyIsThrottledInAWSsWords() throws {
    let model = WaitingModel()
    let fixture = try fixture(model) { $0.maximumConcurrency = 1 }
    let first = Box<Int>()
    Thread { first.set((try? fixture.invoke().status) ?? 0) }.start()
    #expect(model.hasBegun.wait() != nil)
    let second = try fixture.invoke()
    #expect(second.status == 400)
    #expect(second.headers["x-amzn-ErrorType"] == "ThrottlingException")
    #expect(text(second) == "{\"message\":null}")
    model.mayEnd.signal()
    #expect(first.wait() == 200)
    #expect(try fixture.invoke().status == 200)
    #expect(fixture.aws.serverlessStatistics?.throttledCount == 1)
    #expect(fixture.aws.serverlessStatistics?.coldStartCount == 1)
  }

  @Test(arguments: [(4_194_304, 200), (4_194_305, 400)])
  func anImageMayHold4MB(size: Int, status: Int) throws {
    let response = try fixture().invoke(body: [UInt8](repeating: 0, count: size))
    #expect(response.status == status)
    guard status != 200 else { return }
    #expect(response.headers["x-amzn-ErrorType"]?.hasPrefix("ValidationError") == true)
    #expect(text(response).contains(/Request [0-9a-f-]{36} has oversize body\./))
  }

  @Test(arguments: [(4_194_304, 200), (4_194_305, 424)])
  func aReplyMayHold4MB(size: Int, status: Int) throws {
    let body = [UInt8](repeating: 0x20, count: size)
    let model = FixedReplyModel(ContainerReply(status: 200, contentType: "text/csv", body: body))
    #expect(try fixture(model).invoke().status == status)
  }

  @Test func anEndpointOnInstancesHasNoStatistics() throws {
    #expect(try LocalAWSFixture().aws.serverlessStatistics == nil)
  }
}

/// Answers its first request when it may; later ones at once.
private final class WaitingModel: InferenceModel, @unchecked Sendable {
  let hasBegun = Box<Bool>()
  let mayEnd = DispatchSemaphore(value: 0)

  func infer(contentType: String, accept: String, body: [UInt8]) throws -> ContainerReply {
    if hasBegun.wait(timeoutSeconds: 0) == nil {
      hasBegun.set(true)
      mayEnd.wait()
    }
    return ContainerReply(status: 200, contentType: "application/json", body: Array("[]".utf8))
  }
}
