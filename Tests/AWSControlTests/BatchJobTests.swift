import AWSClient
import AWSControl
import JSON
import OperationsSupport
import SigV4
import TestSupport
import Testing

/// Batch jobs on the wire.
@Suite struct BatchJobTests {
  /// Source: botocore, recorded in the project's facts about S3 Batch Operations.
  @Test func createJobIsBotocoresByteForByteAndSignature() {
    let request = RequestCases.goldenJob.wireRequest
    #expect(request.body.count == 1_087)
    #expect(SHA256.hexDigest(request.body).hasPrefix("26d74fda"))
    #expect(SHA256.hexDigest(request.body).hasSuffix("f39b"))
    let signed = Signer().sign(
      SigningRequest(
        method: request.method, path: request.path.encoded,
        headers: [
          HeaderField(name: "Host", value: "111122223333.s3-control.us-east-1.amazonaws.com"),
          HeaderField(name: "x-amz-account-id", value: "111122223333"),
        ], payloadHash: .of(request.body), style: .s3),
      credentials: AWSCredentials(
        accessKeyID: "AKIDEXAMPLE", secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"),
      region: "us-east-1", service: "s3", time: SigningTime(unixSeconds: 1_795_428_000))
    #expect(
      signed.signature == "32c0e7ecc0735b545e2862b758b0fd06092ef34ccaf5ed2b4035ad5d08cb13e8")
  }

  @Test func accountIsSignedAndInFrontOfTheHostButNotOfAnOverride() throws {
    let fixture = try ControlFixture([
      .init(200, body: "<R><Job><JobId>job-1</JobId><Status>New</Status></Job></R>")
    ])
    _ = try fixture.client.read(DescribeJob(accountID: "111122223333", jobID: "job-1"))
    let request = fixture.requests[0]
    #expect(request.target == "/v20180820/jobs/job-1")
    #expect(request.header("Host")?.hasPrefix("127.0.0.1:") == true)
    #expect(request.header("x-amz-account-id") == "111122223333")
    #expect(
      request.header("Authorization")?.contains(
        "/us-east-1/s3/aws4_request, SignedHeaders=host;x-amz-account-id;x-amz-content-sha256;x-amz-date"
      )
        == true)
  }

  @Test func jobIsReadWithWhatItWasCreatedFrom() throws {
    let fixture = try ControlFixture([
      .init(
        200,
        body: """
          <?xml version="1.0"?><DescribeJobResult xmlns="http://x"><Job><JobId>job-1</JobId>
          <ConfirmationRequired>true</ConfirmationRequired><Description>a &amp; b</Description>
          <JobArn>arn:aws:s3:us-east-1:1:job/job-1</JobArn><Status>Failed</Status>
          <Manifest><Spec><Format>S3BatchOperations_CSV_20180820</Format><Fields><member>Bucket</member><member>Key</member>
          <member>VersionId</member></Fields></Spec><Location><ObjectArn>arn:aws:s3:::results/backfill/a:b.csv</ObjectArn>
          <ETag>"60e4"</ETag></Location></Manifest>
          <Operation><LambdaInvoke><FunctionArn>arn:f:7</FunctionArn></LambdaInvoke></Operation><Priority>10</Priority>
          <ProgressSummary><TotalNumberOfTasks>12</TotalNumberOfTasks><NumberOfTasksSucceeded>2</NumberOfTasksSucceeded>
          <NumberOfTasksFailed>7</NumberOfTasksFailed><Timers><ElapsedTimeInActiveSeconds>60</ElapsedTimeInActiveSeconds>
          </Timers></ProgressSummary>
          <FailureReasons><member><FailureCode>A</FailureCode><FailureReason>too many &lt;failed&gt;</FailureReason></member>
          <member><FailureCode>B</FailureCode></member></FailureReasons>
          <Report><Bucket>arn:aws:s3:::results</Bucket><Enabled>true</Enabled><Prefix>backfill/reports</Prefix></Report>
          <CreationTime>2026-11-26T10:00:00Z</CreationTime><RoleArn>arn:role</RoleArn></Job></DescribeJobResult>
          """)
    ])
    let job = try fixture.client.read(DescribeJob(accountID: "1", jobID: "job-1"))
    #expect(job.status == .failed)
    #expect(job.description == "a & b")
    #expect(job.manifest?.location.description == "s3://results/backfill/a:b.csv")
    #expect(job.manifest?.hasVersions == true)
    #expect(job.manifest?.eTag == "\"60e4\"")
    #expect(job.report?.description == "s3://results/backfill/reports")
    #expect(job.failureReasons == ["A: too many <failed>", "B"])
    #expect(
      job.progress == BatchJobProgress(total: 12, succeeded: 2, failed: 7, activeSeconds: 60))
    #expect(job.functionARN == "arn:f:7")
  }

  /// In both forms of an empty element.
  @Test func emptyElementsAreReadAsEmpty() throws {
    let fixture = try ControlFixture([
      .init(
        200,
        body: "<R><Job><JobId>job-1</JobId><FailureReasons></FailureReasons><Status>New</Status>"
          + "<ProgressSummary/><Manifest></Manifest></Job></R>")
    ])
    let job = try fixture.client.read(DescribeJob(accountID: "1", jobID: "job-1"))
    #expect(job.failureReasons.isEmpty)
    #expect(job.progress.total == nil)
    #expect(job.manifest == nil)
  }

  @Test func jobsAreListedOverPages() throws {
    func page(_ id: String, _ more: String) -> ScriptedServer.Answer {
      .init(
        200,
        body: "<ListJobsResult>\(more)<Jobs><member><JobId>\(id)</JobId><Status>Active</Status>"
          + "<Operation>LambdaInvoke</Operation><ProgressSummary/></member></Jobs></ListJobsResult>"
      )
    }
    let fixture = try ControlFixture([
      page("a", "<NextToken>n&amp;1</NextToken>"), page("b", "<NextToken/>"),
    ])
    let jobs = try fixture.client.all(ListJobs(accountID: "1"))
    #expect(jobs.map(\.jobID) == ["a", "b"])
    #expect(jobs[0].progress.total == nil)
    #expect(fixture.requests[1].target.contains("nextToken=n%261"))
  }

  @Test(arguments: [
    "<ErrorResponse><Error><Code>NoSuchJob</Code><Message>gone &amp; away</Message></Error><RequestId>r-1</RequestId></ErrorResponse>",
    "<Error><Code>NoSuchJob</Code><Message>gone &amp; away</Message><RequestId>r-1</RequestId></Error>",
  ])
  func bothFormsOfErrorsAreRead(body: String) throws {
    let fixture = try ControlFixture([.init(404, body: body)])
    let error = #expect(throws: AWSError.self) {
      try fixture.client.read(DescribeJob(accountID: "1", jobID: "j"))
    }
    #expect(error?.code.rawValue == "NoSuchJob")
    #expect(error?.detail == "gone & away")
    #expect(error?.requestID == "r-1")
  }

  @Test func slowDownIsRetried() throws {
    let fixture = try ControlFixture([
      .init(503, body: "<ErrorResponse><Error><Code>SlowDown</Code></Error></ErrorResponse>"),
      .init(200, body: "<R><Job><JobId>job-1</JobId><Status>Active</Status></Job></R>"),
    ])
    #expect(
      try fixture.client.read(DescribeJob(accountID: "1", jobID: "job-1")).status == .active)
  }

  @Test(arguments: [("Active", true), ("Cancelled", false), ("Complete", true)])
  func confirmingAgainIsJudgedByTheState(state: String, succeeds: Bool) throws {
    let fixture = try ControlFixture([
      .init(
        400, body: "<ErrorResponse><Error><Code>JobStatusException</Code></Error></ErrorResponse>"),
      .init(200, body: "<R><Job><JobId>job-1</JobId><Status>\(state)</Status></Job></R>"),
    ])
    let confirm = UpdateJobStatus(accountID: "1", jobID: "job-1", request: .ready)
    if succeeds {
      #expect(try fixture.client.write(confirm)?.rawValue == state)
    } else {
      #expect(throws: AWSError.self) { try fixture.client.write(confirm) }
    }
  }

  @Test func dryRunShowsTheBodyAndSendsNothing() throws {
    let fixture = try ControlFixture([.init(500)], dryRun: true)
    #expect(try fixture.client.write(RequestCases.goldenJob) == nil)
    #expect(fixture.requests.isEmpty)
    #expect(fixture.planned.all.first?.title == "CreateJob of dog-breeds:7")
    #expect(fixture.planned.all.first?.body?.stringValue?.hasSuffix("</CreateJobRequest>") == true)
  }
}
