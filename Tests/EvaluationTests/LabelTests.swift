import AWSControl
import Foundation
import OperationsSupport
import Testing

@testable import Evaluation

@Suite struct LabelTests {
  private func table(_ names: String...) -> ClassTable {
    var table = ClassTable()
    for name in names { _ = table.index(of: name) }
    return table
  }

  @Test(arguments: [
    ("German shepherd dog", "German_shepherd_dog"),
    ("071.German_shepherd_dog", "German shepherd dog"),
    ("n02106662-German_shepherd_dog", "071.German_shepherd_dog"), ("BEAGLE", "beagle"),
    ("soft-coated_wheaten_terrier", "Soft coated wheaten terrier"),
  ])
  func labelIsFoundWithoutNumberCapitalsAndSeparators(label: String, name: String) {
    #expect(table("pug", name).match(label) == 1)
  }

  @Test func sameNameWinsOverASimilarOne() {
    let table = table("001.Beagle", "beagle")
    #expect(table.match("beagle") == 1)
    #expect(table.match("001.Beagle") == 0)
  }

  @Test func labelThatCouldMeanTwoClassesMeansNone() {
    #expect(table("001.Beagle", "002.beagle").match("Beagle") == nil)
  }

  @Test(arguments: ["2", "n02", "nova", "42.", "", "7up"])
  func namesThatOnlyLookNumberedStayDifferent(name: String) {
    #expect(table("Beagle", "up", "ova").match(name) == nil)
  }

  @Test func labelIsTheFolderOfThePhotograph() {
    #expect(LabelRule.folder.label(of: "a/001.Affenpinscher/x.jpg") == "001.Affenpinscher")
    #expect(LabelRule.folder.label(of: "x.jpg") == nil)
  }

  @Test func labelIsTheFirstGroupOfAPattern() throws {
    let rule = try LabelRule.checked(pattern: #"([A-Za-z_]+)_[0-9]+\.jpg$"#)
    #expect(rule.label(of: "photos/Afghan_hound_00081.jpg") == "Afghan_hound")
    #expect(rule.label(of: "photos/x.jpg") == nil)
    #expect(throws: Refusal.self) { try LabelRule.checked(pattern: "(") }
  }

  @Test(arguments: [
    "key,label\na.jpg,pug\n", "label;file\npug;a.jpg\n", "a.jpg,pug\n",
    "bucket,key,class,label\nb,a.jpg,beagle,pug\n", "image,key,label\n1,a.jpg,pug\n",
  ])
  func labelIsTheOneOfTheTable(csv: String) throws {
    let rule = try LabelRule.table(csv: Array(csv.utf8), path: "l.csv")
    #expect(rule.label(of: "a.jpg") == "pug")
    #expect(rule.label(of: "b.jpg") == nil)
  }

  @Test(arguments: [
    ("key,label\na.jpg,pug\na.jpg,beagle\n", "has two labels for a.jpg"),
    ("key,label\na.jpg\n", "has a line without a label"), ("key,label\n", "has no labels"),
    ("\"a", "is not CSV"),
  ])
  func tableThatCannotBeReadIsRefused(csv: String, reason: String) throws {
    let error = #expect(throws: Refusal.self) {
      try LabelRule.table(csv: Array(csv.utf8), path: "l.csv")
    }
    #expect(error?.reason.contains(reason) == true, "\(String(describing: error))")
  }

  // MARK: Folders

  @Test func photographsAreListedWithTheirLabels() throws {
    let scripted = try ScriptedLocalInvoke()
    try scripted.add("pug/b.jpg", [("pug", 1)])
    try scripted.add("beagle/a.jpg", [("pug", 1)])
    try Data("text".utf8).write(to: URL(fileURLWithPath: "\(scripted.photographs)/pug/notes.txt"))
    try Data().write(to: URL(fileURLWithPath: "\(scripted.photographs)/pug/empty.jpg"))
    try Data("GIF89a".utf8).write(to: URL(fileURLWithPath: "\(scripted.photographs)/pug/c.gif"))
    try Data("key,label\n".utf8).write(
      to: URL(fileURLWithPath: "\(scripted.photographs)/labels.csv"))
    let (files, skipped) = try PhotographFolder.list(
      scripted.photographs, rule: .folder, acceptsAnyImage: false)
    #expect(files.map(\.key) == ["beagle/a.jpg", "pug/b.jpg"])
    #expect(files.map(\.label) == ["beagle", "pug"])
    #expect(skipped.map(\.key) == ["pug/c.gif", "pug/empty.jpg", "pug/notes.txt"])
    let all = try PhotographFolder.list(
      scripted.photographs, rule: .folder, acceptsAnyImage: true)
    #expect(all.files.map(\.key).contains("pug/c.gif"))
  }

  @Test(arguments: ["", "/"])
  func tableMayNameTheFolderToo(end: String) throws {
    let scripted = try ScriptedLocalInvoke()
    try scripted.add("a.jpg", [("pug", 1)])
    let rule = LabelRule.table(["\(scripted.photographs)/a.jpg": "pug"])
    let (files, _) = try PhotographFolder.list(
      scripted.photographs + end, rule: rule, acceptsAnyImage: false)
    #expect(files.map(\.label) == ["pug"])
  }

  @Test func folderOfSplitsIsRefused() throws {
    let scripted = try ScriptedLocalInvoke()
    try scripted.add("train/pug/b.jpg", [("pug", 1)])
    try scripted.add("test/pug/a.jpg", [("pug", 1)])
    let error = #expect(throws: Refusal.self) {
      try PhotographFolder.list(scripted.photographs, rule: .folder, acceptsAnyImage: false)
    }
    #expect(error?.advice.hasSuffix("/test") == true)
  }

  @Test func folderWithoutPhotographsIsRefused() throws {
    let scripted = try ScriptedLocalInvoke()
    #expect(throws: Refusal.self) {
      try PhotographFolder.list(scripted.photographs, rule: .folder, acceptsAnyImage: false)
    }
  }
}
