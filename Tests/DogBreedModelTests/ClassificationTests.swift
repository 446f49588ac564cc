import DogBreedModel
import Foundation
import Testing

@Suite struct ClassificationTests {
  private let model: DogBreedModel

  init() throws {
    model = try Fixtures.model.get()
  }

  /// The classes with their probabilities, most probable first.
  private func ranking(_ photograph: String) throws -> [(name: String, probability: Double)] {
    let logits = try model.logits(file: Fixtures.photograph(photograph)).map(Double.init)
    let exponentials = logits.map { exp($0 - (logits.max() ?? 0)) }
    let sum = exponentials.reduce(0, +)
    return zip(DogBreedModel.classNames, exponentials.map { $0 / sum })
      .map { (name: $0, probability: $1) }
      .sorted { $0.probability > $1.probability }
  }

  @Test func germanShepherdComesFirstOnItsPhotographWithNinetyNinePercent() throws {
    let first = try ranking("Schäferhund Rex.jpg")[0]
    #expect(first.name == "German shepherd")
    #expect(abs(first.probability - 0.99) < 0.005)
  }

  @Test func malamuteAndGermanShepherdShareTheHuskyMix() throws {
    let ranking = try ranking("husky-mix-with-bicycle.jpg")
    #expect(ranking[0].name == "malamute")
    #expect(abs(ranking[0].probability - 0.45) < 0.005)
    #expect(ranking[1].name == "German shepherd")
    #expect(abs(ranking[1].probability - 0.33) < 0.01)
  }

  @Test func noBreedOfTheMixedDogIsAboveSixtyPercent() throws {
    #expect(try ranking("mixed-breed.jpg")[0].probability < 0.6)
  }

  @Test func severalThreadsMayShareAModel() throws {
    let jpeg = try Fixtures.photograph("mixed-breed.jpg")
    let expected = try model.logits(file: jpeg)
    let results = Results(count: 4)
    DispatchQueue.concurrentPerform(iterations: 4) { index in
      results.set(index, try? model.logits(file: jpeg))
    }
    #expect(results.values == Array(repeating: expected, count: 4))
  }

  @Test(arguments: [(1, 1), (2, 3), (30_000, 1), (1, 30_000), (224, 224), (257, 255)])
  func anySizeGivesOneFiniteLogitAClass(width: Int, height: Int) throws {
    let image = try #require(Fixtures.pattern(width: width, height: height))
    let logits = model.logits(of: image)
    #expect(logits.count == 118)
    #expect(logits.allSatisfy { $0.isFinite })
  }
}

@Suite struct ClassNamesTests {
  @Test func thereAreDistinctNamesOf118Breeds() {
    #expect(DogBreedModel.classNames.count == 118)
    #expect(Set(DogBreedModel.classNames).count == 118)
  }

  @Test func namesStandInTheOrderOfImageNet() {
    #expect(DogBreedModel.classNames.first == "Chihuahua")
    #expect(DogBreedModel.classNames[235 - 151] == "German shepherd")
    #expect(DogBreedModel.classNames.last == "Mexican hairless")
  }

  @Test func fileOfNamesHoldsANameALine() throws {
    let text = try String(contentsOfFile: DogBreedModel.classNamesPath, encoding: .utf8)
    #expect(text == DogBreedModel.classNames.map { $0 + "\n" }.joined())
  }
}

/// What several threads found, each in a place of its own.
private final class Results: @unchecked Sendable {
  private let lock = NSLock()
  private(set) var values: [[Float]?]

  init(count: Int) {
    values = Array(repeating: nil, count: count)
  }

  func set(_ index: Int, _ value: [Float]?) {
    lock.withLock { values[index] = value }
  }
}
