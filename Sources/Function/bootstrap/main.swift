import ImageClassification
import LambdaRuntime

LambdaRuntime.run { environment in
  try ImageClassifier(environment: environment)
}
