print("local-invoke")
